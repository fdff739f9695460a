import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Verdict } from '../../machines/verdict.ts'
import { writeDurably } from '../../src/home.ts'
import { exampleBody, exampleVerdict } from '../../src/screening/example.ts'
import { loadVerdict, openVerdict } from '../../src/verdict/file.ts'
import { issueVerdict } from '../../src/verdict/issue.ts'
import { createSigner, loadPrivateKey, signerFor } from '../../src/verdict/keys.ts'
import { pseudonym, pseudonymLike, siteSalt } from '../../src/verdict/person.ts'
import { rawPublicKey, readPublicKey } from '../../src/verdict/publicKey.ts'
import { seenBefore, seenLedger } from '../../src/verdict/seen.ts'
import { addTrusted, loadTrust } from '../../src/verdict/trust.ts'
import { BODY, codeOf, keyPair, LIMBS, NOW, temporaryHome } from './helpers.ts'

const modeOf = (path: string) => statSync(path).mode & 0o777
const { schema: _schema, signer: _signer, person: _person, issued: _issued, serial: _serial, ...CONTENT } = BODY

describe('REQ-KEYS: a private key stays with its owner, and a public one counts only for what it was trusted for', () => {
  test.skipIf(process.platform === 'win32')(
    'keys, ledger, salt and trust file are readable by their owner alone',
    () => {
      const home = join(temporaryHome(), 'new')
      issueVerdict(home, { role: 'simulator', subject: 'P', now: NOW }, CONTENT)
      const [pem = ''] = readdirSync(join(home, 'keys'))
      expect(modeOf(home)).toBe(0o700)
      expect(modeOf(join(home, 'keys'))).toBe(0o700)
      for (const file of [join('keys', pem), 'trust.json', 'seen.json', 'salt'])
        expect(modeOf(join(home, file))).toBe(0o600)
      expect(readdirSync(home).sort()).toEqual(['keys', 'salt', 'seen.json', 'trust.json'])
    },
  )

  test('a file is written whole or not at all, and nothing is left beside it', () => {
    const home = temporaryHome()
    writeDurably(join(home, 'file'), 'old')
    writeDurably(join(home, 'file'), 'new')
    mkdirSync(join(home, 'folder'))
    expect(codeOf(() => writeDurably(join(home, 'folder'), 'x'))).toBe('CP-WRITE')
    expect(readdirSync(home).sort()).toEqual(['file', 'folder'])
    expect(readFileSync(join(home, 'file'), 'utf8')).toBe('new')
  })

  test('a new key is trusted here under its role, and signs', () => {
    const home = temporaryHome()
    const { keyId, privateKey } = createSigner(home, 'screening', 'Room 2', NOW)
    expect(loadTrust(home)).toMatchObject([{ key_id: keyId, role: 'screening', label: 'Room 2' }])
    expect(rawPublicKey(loadPrivateKey(home, keyId)!)).toBe(rawPublicKey(privateKey))
    expect(signerFor(home, 'screening', NOW).keyId).toBe(keyId)
  })

  test('the newest key whose private half is here signs', () => {
    const home = temporaryHome()
    createSigner(home, 'screening', 'old', NOW)
    const { keyId } = createSigner(home, 'screening', 'new', NOW)
    addTrusted(home, keyPair().trusted.public_key, 'screening', 'elsewhere', NOW)
    expect(signerFor(home, 'screening', NOW).keyId).toBe(keyId)
  })

  test('a screening key is never made by itself, a simulator key is', () => {
    const home = temporaryHome()
    expect(codeOf(() => signerFor(home, 'screening', NOW))).toBe('CP-KEY-NONE')
    const { keyId } = signerFor(home, 'simulator', NOW)
    expect(signerFor(home, 'simulator', NOW).keyId).toBe(keyId)
    expect(codeOf(() => signerFor(home, 'screening', NOW))).toBe('CP-KEY-NONE')
  })

  test('a private key that is damaged or of another key is refused', () => {
    const home = temporaryHome()
    const one = createSigner(home, 'screening', 'one', NOW)
    const two = createSigner(home, 'screening', 'two', NOW)
    const pem = (id: string) => join(home, 'keys', `${id}.pem`)
    writeFileSync(pem(two.keyId), readFileSync(pem(one.keyId)))
    expect(codeOf(() => signerFor(home, 'screening', NOW))).toBe('CP-KEY-READ')
    writeFileSync(pem(two.keyId), 'x')
    expect(codeOf(() => signerFor(home, 'screening', NOW))).toBe('CP-KEY-READ')
  })

  test('a key keeps the role that it was trusted for', () => {
    const home = temporaryHome()
    const { public_key } = keyPair().trusted
    addTrusted(home, public_key, 'simulator', 'a', NOW)
    expect(addTrusted(home, public_key, 'simulator', 'b', NOW).label).toBe('a')
    expect(codeOf(() => addTrusted(home, public_key, 'screening', 'b', NOW))).toBe('CP-KEY-ROLE')
    expect(loadTrust(home)).toMatchObject([{ role: 'simulator', label: 'a' }])
  })

  test('a public key is taken as base64, as a file of it, or as PEM; a private one never', () => {
    const { privateKey, trusted } = keyPair()
    const file = (text: string | Buffer) => {
      const path = join(temporaryHome(), 'key')
      writeFileSync(path, text)
      return path
    }
    const publicPem = `-----BEGIN PUBLIC KEY-----\n${Buffer.concat([
      Buffer.from('302a300506032b6570032100', 'hex'),
      Buffer.from(trusted.public_key, 'base64'),
    ]).toString('base64')}\n-----END PUBLIC KEY-----\n`
    expect(readPublicKey(trusted.public_key)).toBe(trusted.public_key)
    expect(readPublicKey(file(`${trusted.public_key}\n`))).toBe(trusted.public_key)
    expect(readPublicKey(file(publicPem))).toBe(trusted.public_key)
    const privatePem = privateKey.export({ format: 'pem', type: 'pkcs8' })
    for (const wrong of [privatePem, '', 'AAAA', '-----BEGIN PUBLIC KEY-----'])
      expect(codeOf(() => readPublicKey(file(wrong)))).toBe('CP-KEY-PUBLIC')
    expect(codeOf(() => readPublicKey('/nowhere'))).toBe('CP-KEY-READ')
  })
})

describe('REQ-TRUST: a trust file that cannot be understood trusts nobody', () => {
  test('no trust file: no key is trusted', () => {
    expect(loadTrust(temporaryHome())).toEqual([])
  })

  const { trusted } = keyPair()
  const text = (keys: unknown) => JSON.stringify({ schema: 1, keys })
  test.each([
    ['nothing in it', ''],
    ['cut', text([trusted]).slice(0, -1)],
    ['not UTF-8', Buffer.from([0xff])],
    ['the role changed to an unknown one', text([{ ...trusted, role: 'root' }])],
    ['an id that is not of its key', text([{ ...trusted, key_id: '0'.repeat(16) }])],
    ['a key that is too short', text([{ ...trusted, public_key: 'AAAA' }])],
    ['an unknown field', text([{ ...trusted, algorithm: 'none' }])],
    ['a key under two roles', text([trusted, { ...trusted, role: 'screening' }])],
    ['its list twice', text([]).replace('{', '{"keys":[],')],
  ])('%s: refused', (_, content) => {
    const home = temporaryHome()
    writeFileSync(join(home, 'trust.json'), content)
    expect(codeOf(() => loadTrust(home))).toBe('CP-TRUST')
    expect(codeOf(() => addTrusted(home, trusted.public_key, 'screening', 'x', NOW))).toBe('CP-TRUST')
    expect(readFileSync(join(home, 'trust.json'))).toEqual(Buffer.from(content))
  })

  test.each(['trust.json', 'seen.json'])('%s that is no file: refused', name => {
    const home = temporaryHome()
    mkdirSync(join(home, name))
    expect(codeOf(() => loadTrust(home) && seenLedger(home).newestSerialSeen('p'))).toMatch(/^CP-(TRUST|SEEN)$/u)
  })
})

describe('REQ-SERIAL: an old acceptance is worth nothing after a newer verdict was seen', () => {
  test('whichever of two stations made it', () => {
    const [a, b, laptop] = [temporaryHome(), temporaryHome(), temporaryHome()]
    const verdicts = [a, b].map((home, i) => {
      createSigner(home, 'screening', 'station', NOW)
      const bytes = issueVerdict(home, { role: 'screening', subject: 'P-017', now: NOW + i * 1_000 }, CONTENT)
      for (const key of loadTrust(home)) addTrusted(laptop, key.public_key, 'screening', 'station', NOW)
      return openVerdict(bytes, loadTrust(laptop)).verdict
    })
    const [older, newer] = verdicts as [Verdict, Verdict]
    expect(older.person).not.toBe(newer.person)
    expect(seenBefore(laptop, newer, 'P-017')).toBe(0)
    expect(seenBefore(laptop, older, 'p-017 ')).toBe(newer.serial)
    expect(seenBefore(laptop, older, 'P-018')).toBe(older.serial)
  })

  test('the ledger remembers the highest serial of each person, over restarts', () => {
    const home = temporaryHome()
    expect(seenLedger(home).newestSerialSeen('a')).toBe(0)
    seenLedger(home).noteSeen('a', 5)
    seenLedger(home).noteSeen('a', 4)
    seenLedger(home).noteSeen('b', 1)
    const { newestSerialSeen } = seenLedger(home)
    expect([newestSerialSeen('a'), newestSerialSeen('b'), newestSerialSeen('c')]).toEqual([5, 1, 0])
  })

  test('names that JavaScript objects know already are names like others', () => {
    const { newestSerialSeen, noteSeen } = seenLedger(temporaryHome())
    expect(newestSerialSeen('constructor')).toBe(0)
    noteSeen('constructor', 3)
    expect(newestSerialSeen('constructor')).toBe(3)
  })

  test.each([
    '',
    '{',
    '{"schema":1,"newest":{"a":-1}}',
    '{"schema":1,"newest":{"a":5,"a":1}}',
    '{"schema":2,"newest":{}}',
  ])('a ledger with %j refuses, and is left as it is', content => {
    const home = temporaryHome()
    writeFileSync(join(home, 'seen.json'), content)
    const ledger = seenLedger(home)
    expect(codeOf(() => ledger.newestSerialSeen('a'))).toBe('CP-SEEN')
    expect(codeOf(() => ledger.noteSeen('a', 9))).toBe('CP-SEEN')
    expect(readFileSync(join(home, 'seen.json'), 'utf8')).toBe(content)
  })

  test('a ledger whose folder cannot exist refuses', () => {
    const file = join(temporaryHome(), 'file')
    writeFileSync(file, '')
    expect(codeOf(() => seenLedger(join(file, 'home')).noteSeen('a', 1))).toMatch(/^CP-(SEEN|WRITE|HOME)$/u)
  })

  test('serials of a person rise with each verdict that is issued, also when the clock went back', () => {
    const home = temporaryHome()
    const issue = (now: number) => {
      const bytes = issueVerdict(home, { role: 'simulator', subject: 'P-017', now }, CONTENT)
      return openVerdict(bytes, loadTrust(home)).verdict
    }
    const [first, second] = [issue(NOW), issue(NOW - 60_000)]
    expect(second.person).toBe(first.person)
    expect(second.serial).toBe(first.serial + 1)
    expect(seenLedger(home).newestSerialSeen(first.person)).toBe(second.serial)
  })
})

describe('REQ-PSEUDONYM: a file does not say who the person is, and a machine can tell whether it is this one', () => {
  const salt = '00112233445566778899aabbccddeeff'
  const mine = pseudonym('P-017', salt)

  test('case, blanks around and the Unicode form of what is typed do not matter; everything else does', () => {
    for (const same of ['p-017', '  P-017\n', 'Ｐ-０１７']) expect(pseudonymLike(mine, same)).toBe(mine)
    for (const other of ['P-018', 'P 017', 'P-01']) expect(pseudonymLike(mine, other)).not.toBe(mine)
    expect(pseudonym('P-017', `${salt.slice(1)}0`)).not.toBe(mine)
  })

  test('nothing typed is nobody', () => {
    for (const none of ['', '  ', '\u3000', 'x'.repeat(101)])
      expect(codeOf(() => pseudonym(none, salt))).toBe('CP-SUBJECT')
  })

  test('the salt of a site is made once, and never replaced when it is damaged', () => {
    const home = temporaryHome()
    expect(siteSalt(home)).toMatch(/^[0-9a-f]{32}$/u)
    expect(siteSalt(home)).toBe(siteSalt(home))
    expect(siteSalt(temporaryHome())).not.toBe(siteSalt(home))
    writeFileSync(join(home, 'salt'), 'lost')
    expect(codeOf(() => siteSalt(home))).toBe('CP-SALT')
  })
})

test('an example is an acceptance by a simulator for the limbs asked, whoever the person', () => {
  const { privateKey, trusted } = keyPair()
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 40 }).filter(text => text.normalize('NFKC').trim() !== ''),
      subject => {
        const bytes = exampleVerdict({ subject, limbs: LIMBS, now: NOW, signer: { privateKey } })
        const verdict = loadVerdict(bytes, { trust: [trusted], now: NOW })
        expect(verdict).toMatchObject({ result: 'accept', signer: 'simulator', limbs: LIMBS })
        expect(verdict.person).toBe(pseudonymLike(verdict.person, subject))
        expect(exampleBody({ subject, limbs: LIMBS, now: NOW }).serial).toBe(NOW)
      },
    ),
    { numRuns: 5 },
  )
})
