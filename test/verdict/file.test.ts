import { sign } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CuffError } from '../../src/errors.ts'
import type { VerdictBody } from '../../src/verdict/body.ts'
import { loadVerdict, openVerdict, signVerdict } from '../../src/verdict/file.ts'
import { MAX_BYTES } from '../../src/verdict/signed.ts'
import { BODY, codeOf, keyPair, NOW } from './helpers.ts'

const { privateKey, trusted } = keyPair()
const trust = [trusted]
const load = (bytes: Uint8Array, now = NOW) => loadVerdict(bytes, { trust, now })
const GOOD = Buffer.from(signVerdict(BODY, privateKey))

/** Signs any text, also one that `signVerdict` would refuse: what a mistaken station might do. */
function signText(text: string | Uint8Array): Buffer {
  const body = Buffer.from(text)
  const signature = sign(null, Buffer.concat([Buffer.from('CuffPilot verdict v1\n'), body]), privateKey)
  return Buffer.concat([body, Buffer.from(`\nsignature ${trusted.key_id} ${signature.toString('base64')}\n`)])
}
const signBody = (change: Record<string, unknown>) => signText(JSON.stringify({ ...BODY, ...change }))
const replaced = (from: string, to: string) => Buffer.from(GOOD.toString().replace(from, to))

/** A verdict of exactly 1,024 bytes. */
function oneKiB(): Buffer {
  const { limits: _, ...body } = BODY
  const rule = (length: number) => ({ id: 'R', effect: 'notice', source: 'x'.repeat(length) }) as const
  const padded = (length: number): VerdictBody => ({ ...body, rules: [rule(length)], grades: {} })
  const missing = 1024 - signVerdict(padded(1), privateKey).length
  return Buffer.from(signVerdict(padded(1 + missing), privateKey))
}

describe('REQ-VERDICT-SIGNATURE: only what a trusted key signed, byte for byte, is a verdict', () => {
  test('a verdict as it was signed is taken', () => {
    expect(load(GOOD)).toEqual({
      result: 'accept',
      signer: 'simulator',
      keyId: trusted.key_id,
      person: `${BODY.person.salt}:${BODY.person.hash}`,
      limbs: ['left-arm', 'right-arm'],
      issued_wall: NOW,
      expires_wall: NOW + 3_600_000,
      serial: NOW,
      blood_pressure: { systolic_mmHg: 120, diastolic_mmHg: 75, measured_wall: NOW - 300_000 },
      needs_test: false,
      new_to_kaatsu: false,
      one_side_only: false,
      systolic_floor_mmHg: 95,
    })
  })

  test('the limits of the screener arrive unchanged', () => {
    const limits = { arm_max_mmHg: 120, leg_max_mmHg: 140, session_max_ms: 300_000, one_side_only: true }
    expect(load(signVerdict({ ...BODY, limits }, privateKey))).toMatchObject(limits)
  })

  test('each of the 8,192 single bit flips of a 1 KiB verdict is refused', () => {
    const bytes = oneKiB()
    expect(bytes.length).toBe(1024)
    expect(codeOf(() => load(bytes))).toBe('accepted')
    const accepted: number[] = []
    for (let bit = 0; bit < 8192; bit++) {
      const flipped = Buffer.from(bytes)
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      if (codeOf(() => load(flipped)) === 'accepted') accepted.push(bit)
    }
    expect(accepted).toEqual([])
  })

  test('each truncation is refused, from either end', () => {
    const accepted: string[] = []
    for (let at = 0; at < GOOD.length; at++) {
      if (codeOf(() => load(GOOD.subarray(0, at))) === 'accepted') accepted.push(`to ${at}`)
      if (codeOf(() => load(GOOD.subarray(at + 1))) === 'accepted') accepted.push(`from ${at + 1}`)
    }
    expect(accepted).toEqual([])
  })

  test.each([
    ['line ends changed to CR LF', () => Buffer.from(GOOD.toString().replaceAll('\n', '\r\n')), 'CP-VERDICT-FORM'],
    ['CR LF in the body alone', () => replaced('{\n', '{\r\n'), 'CP-VERDICT-SIGNATURE'],
    ['a refusal renamed', () => replaced('accept', 'accepT'), 'CP-VERDICT-SIGNATURE'],
    ['one more line feed', () => Buffer.concat([GOOD, Buffer.from('\n')]), 'CP-VERDICT-FORM'],
    ['a blank before the signature', () => replaced('signature', ' signature'), 'CP-VERDICT-FORM'],
    ['a key that nobody trusts', () => signVerdict(BODY, keyPair().privateKey), 'CP-VERDICT-KEY'],
    ['base64 with stray bits', () => Buffer.from(strayBits(GOOD.toString())), 'CP-VERDICT-BASE64'],
    ['base64 without padding', () => replaced('==\n', '\n'), 'CP-VERDICT-BASE64'],
    ['a body without a signature', () => Buffer.from(`${JSON.stringify(BODY)}\n`), 'CP-VERDICT-FORM'],
    ['nothing', () => Buffer.alloc(0), 'CP-VERDICT-FORM'],
    ['a line feed', () => Buffer.from('\n'), 'CP-VERDICT-FORM'],
    ['a signature without a body', () => signText(''), 'CP-VERDICT-JSON'],
  ])('%s is refused', (_, bytes, code) => {
    expect(codeOf(() => load(bytes()))).toBe(code)
  })

  test('a signature over the body without the prefix of CuffPilot is refused', () => {
    const body = JSON.stringify(BODY)
    const signature = sign(null, Buffer.from(body), privateKey).toString('base64')
    const bytes = Buffer.from(`${body}\nsignature ${trusted.key_id} ${signature}\n`)
    expect(codeOf(() => load(bytes))).toBe('CP-VERDICT-SIGNATURE')
  })

  test('the id of another trusted key does not help', () => {
    const other = keyPair()
    const bytes = replaced(trusted.key_id, other.trusted.key_id)
    expect(codeOf(() => openVerdict(bytes, [trusted, other.trusted]))).toBe('CP-VERDICT-SIGNATURE')
  })

  test('the body is not read before the signature holds', () => {
    const broken = Buffer.from(signText('{').toString().replace('{', '['))
    expect(codeOf(() => load(broken))).toBe('CP-VERDICT-SIGNATURE')
  })

  test('a verdict that calls itself a screening is refused under a simulator key, and the reverse', () => {
    expect(codeOf(() => load(signBody({ signer: 'screening' })))).toBe('CP-VERDICT-ROLE')
    expect(codeOf(() => openVerdict(GOOD, [{ ...trusted, role: 'screening' }]))).toBe('CP-VERDICT-ROLE')
  })
})

/** Changes the four bits of the last digit that carry nothing: the bytes stay the same, the text does not. */
function strayBits(text: string): string {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  return text.replace(/(.)==\n$/u, (_, last: string) => `${digits[digits.indexOf(last) + 1]}==\n`)
}

describe('REQ-VERDICT-FORM: a signed file that could be read in two ways is refused', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  const json = JSON.stringify(BODY)
  const withKey = (key: string) => json.replace('{', `{${key}:"accept",`)

  test.each([
    ['longer than 16 KiB', signText(`${json}${' '.repeat(MAX_BYTES)}`), 'CP-VERDICT-SIZE'],
    ['a byte order mark', signText(`\ufeff${json}`), 'CP-VERDICT-BOM'],
    ['not UTF-8', signText(Buffer.concat([Buffer.from(json), Buffer.from([0xc3, 0x28])])), 'CP-VERDICT-TEXT'],
    ['not JSON', signText(`${json},`), 'CP-VERDICT-JSON'],
    ['nested nine deep', signText(json.replace('{', `{"x":${nested(8)},`)), 'CP-VERDICT-DEPTH'],
    [
      'nested eight deep, in a field that is unknown',
      signText(json.replace('{', `{"x":${nested(7)},`)),
      'CP-VERDICT-FIELD',
    ],
    ['a key twice', signText(withKey('"result"')), 'CP-VERDICT-DUPLICATE'],
    ['a key twice, once escaped', signText(withKey('"\\u0072esult"')), 'CP-VERDICT-DUPLICATE'],
    [
      'a key twice, after a string with a quote',
      signText(json.replace('{', '{"x":"\\"{","x":1,')),
      'CP-VERDICT-DUPLICATE',
    ],
    ['a key twice in an inner object', signText(json.replace('"salt"', '"hash":"","salt"')), 'CP-VERDICT-DUPLICATE'],
    ['the key __proto__', signText(withKey('"__proto__"')), 'CP-VERDICT-JSON'],
    ['an unknown result', signBody({ result: 'ACCEPT' }), 'CP-VERDICT-RESULT'],
    ['a result that is a list', signBody({ result: ['accept'] }), 'CP-VERDICT-RESULT'],
    ['an unknown field', signBody({ note: '' }), 'CP-VERDICT-FIELD'],
    ['an unknown field further in', signBody({ person: { ...BODY.person, name: 'x' } }), 'CP-VERDICT-FIELD'],
    ['another schema', signBody({ schema: 2 }), 'CP-VERDICT-VALUE'],
    ['an unknown limb', signBody({ limbs: ['neck'] }), 'CP-VERDICT-VALUE'],
    ['a limb twice', signBody({ limbs: ['left-arm', 'left-arm'] }), 'CP-VERDICT-VALUE'],
    ['a limit above the compiled one', signBody({ limits: { arm_max_mmHg: 201 } }), 'CP-VERDICT-VALUE'],
    [
      'a number that is none',
      signText(json.replace('"systolic_mmHg":120', '"systolic_mmHg":1e309')),
      'CP-VERDICT-VALUE',
    ],
    ['no blood pressure', signBody({ blood_pressure: undefined }), 'CP-VERDICT-VALUE'],
    ['a time without a zone', signBody({ expires: '2026-05-04T11:30:00.000' }), 'CP-VERDICT-VALUE'],
    ['a day that does not exist', signBody({ expires: '2027-02-30T11:30:00.000Z' }), 'CP-VERDICT-VALUE'],
    ['an end before its beginning', signBody({ expires: BODY.issued }), 'CP-VERDICT-VALUE'],
    [
      'a blood pressure measured after it was issued',
      signBody({ blood_pressure: { ...BODY.blood_pressure, measured_wall: '2026-05-04T10:30:00.001Z' } }),
      'CP-VERDICT-VALUE',
    ],
  ])('%s', (_, bytes, code) => {
    expect(codeOf(() => load(bytes))).toBe(code)
  })

  test('the same string as a value, as a key of another object and in a list is no duplicate', () => {
    const same = {
      ...BODY,
      screener: 'rules',
      rules: [
        { id: 'id', effect: 'notice' as const, source: 'id' },
        { id: 'id', effect: 'notice' as const, source: '{"id":"id","id":1}' },
      ],
    }
    expect(codeOf(() => load(signVerdict(same, privateKey)))).toBe('accepted')
  })

  test('what we would not take we do not sign', () => {
    const rules = Array.from({ length: 100 }, () => ({ id: 'R', effect: 'notice' as const, source: 'x'.repeat(300) }))
    expect(codeOf(() => signVerdict({ ...BODY, rules }, privateKey))).toBe('CP-VERDICT-SIZE')
    expect(codeOf(() => signVerdict({ ...BODY, serial: 0 }, privateKey))).toBe('CP-VERDICT-VALUE')
  })

  test('every refusal is one line for a person, with what to do, whatever the file contains', () => {
    const bytes = signBody({ 'x\u001b[31m\n': 1 })
    try {
      load(bytes)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(CuffError)
      expect((error as CuffError).line()).toMatch(/^CP-VERDICT-FIELD: [^\u001b\n]+\.$/u)
    }
  })
})

describe('REQ-VERDICT-TIME: a verdict counts from its issue to its end, and never for a day', () => {
  const day = 86_400_000
  const long = signVerdict({ ...BODY, expires: new Date(NOW + 2 * day).toISOString() }, privateKey)

  test.each([
    ['at its last millisecond', GOOD, NOW + 3_599_999, 'accepted'],
    ['at its end', GOOD, NOW + 3_600_000, 'CP-GATE-EXPIRED'],
    ['a minute before it was issued: clocks differ', GOOD, NOW - 60_000, 'accepted'],
    ['more than a minute before it was issued', GOOD, NOW - 60_001, 'CP-GATE-EARLY'],
    ['just under a day old', long, NOW + day - 1, 'accepted'],
    ['a day old, whatever it says', long, NOW + day, 'CP-GATE-OLD'],
    ['with a clock that gives no number', GOOD, Number.NaN, 'CP-GATE-EARLY'],
  ])('%s', (_, bytes, now, code) => {
    expect(codeOf(() => load(bytes, now))).toBe(code)
  })
})

describe('REQ-VERDICT-HOSTILE: no bytes are accepted that were not signed, and none do more than be refused', () => {
  test('random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 2000 }), bytes => codeOf(() => load(bytes)) !== 'accepted'))
  })

  test('random texts and JSON, signed by a trusted key', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.json().map(json => json.slice(0, -1)),
    )
    fc.assert(fc.property(texts, text => codeOf(() => load(signText(text))) !== 'accepted'))
  })

  test('random mutations of a good verdict: bytes put in, taken out, overwritten', () => {
    const cut = fc.record({ at: fc.nat(GOOD.length - 1), out: fc.nat(20), put: fc.uint8Array({ maxLength: 20 }) })
    const mutated = cut.map(({ at, out, put }) =>
      Buffer.concat([GOOD.subarray(0, at), Buffer.from(put), GOOD.subarray(at + out)]),
    )
    const changed = mutated.filter(bytes => !bytes.equals(GOOD))
    fc.assert(
      fc.property(changed, bytes => codeOf(() => load(bytes)) !== 'accepted'),
      { numRuns: 1000 },
    )
  })

  test('any value in any field of a signed body is taken or refused, and nothing else', () => {
    const field = fc.constantFrom(...Object.keys(BODY))
    fc.assert(
      fc.property(field, fc.jsonValue(), (name, value) => {
        expect(codeOf(() => load(signBody({ [name]: value })))).toMatch(/^(accepted|CP-(VERDICT|GATE)-[A-Z0-9]+)$/u)
      }),
      { numRuns: 500 },
    )
  })
})
