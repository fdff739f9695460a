import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { VENTED_MMHG } from '../../protocol/units.ts'
import { followUps } from '../operator/after.ts'
import { LOOK_AND_LOOSEN, limbWords, timeLeft } from '../operator/words.ts'
import { packageRoot, packageVersion } from '../packageRoot.ts'
import { documentOf, escaped } from '../review/dossier/document.ts'
import { curveOf } from './curve.ts'
import { scoreOf } from './score.ts'
import type { Recorded } from './session.ts'

/** The report of a session as one HTML file that loads nothing, and prints well. */
export function reportOf(session: Recorded): string {
  return documentOf({
    title: `Session of ${new Date(session.began_wall).toISOString()}`,
    about: `<p>CuffPilot ${packageVersion()}. Research and engineering software, no medical device.</p>`,
    sections: [
      { id: 'session', title: 'The session', html: facts(factsOf(session)) },
      {
        id: 'curve',
        title: 'The pressures',
        html: session.input.plan.cuffs.map((_, i) => curveOf(session, i)).join('\n'),
      },
      { id: 'events', title: 'What happened', html: marks(session) },
      { id: 'record', title: 'The record', html: facts(recordOf(session)) },
    ],
    style: readFileSync(join(packageRoot(), 'src', 'report', 'style.css'), 'utf8'),
    script: '',
    data: {},
  })
}

type Fact = readonly [string, string]

function factsOf(session: Recorded): Fact[] {
  const { input, view, after } = session
  const { plan, verdict } = input
  const { held_ms, within10, within5 } = scoreOf(session.samples)
  const cuffs = plan.cuffs.map(
    (cuff, i) => `${limbWords(cuff)} ${cuff.width_cm} cm wide, up to ${plan.max_mmHg[i]} mmHg`,
  )
  return [
    ['Person', `${input.person || 'nobody'} (a pseudonym)`],
    ['Verdict', verdict ? `${verdict.result}, signed by a ${verdict.signer} key ${verdict.keyId}` : 'none'],
    ['Operator', input.operator],
    ['Unit', view.unit ? `${view.unit.name}${view.unit.simulated ? ' (simulated)' : ''}` : 'none'],
    ['Program', `${plan.program}: ${plan.steps.length} presses, ${timeLeft(plan.cap_ms)} at most (${plan.cap_by})`],
    ['Cuffs', cuffs.join('; ')],
    ['Ended', `${view.words}${view.cause ? `: ${view.cause.text}` : ''}`],
    ['Under pressure', timeLeft(pressedMs(session))],
    [
      'Kept to the target',
      held_ms > 0
        ? `${percent(within10)} of the holds within 10 %, ${percent(within5)} within 5 %`
        : 'nothing was held',
    ],
    ['Symptoms', [...new Set(view.symptoms)].join(', ') || 'none noted'],
    [
      'After',
      after
        ? Object.entries(after)
            .map(([what, answer]) => `${what.replace('_', ' ')} ${answer}`)
            .join(', ')
        : 'not asked',
    ],
    ...(after ? followUps(after as never).map((text): Fact => ['Later', text]) : []),
    ['Always', LOOK_AND_LOOSEN],
  ]
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

/** Time in which any line was at 15 mmHg or more, or told to be. */
function pressedMs({ samples }: Recorded): number {
  return samples.slice(1).reduce((sum, sample, i) => {
    const { at_ms, measured_mmHg, commanded_mmHg } = samples[i]!
    const pressed = commanded_mmHg.some(target => target > 0) || measured_mmHg.some(mmHg => (mmHg ?? 0) >= VENTED_MMHG)
    return sum + (pressed ? sample.at_ms - at_ms : 0)
  }, 0)
}

function recordOf({ file, checked, whole, difference }: Recorded): Fact[] {
  const { head, ok, problems, cut, unchecked } = checked
  return [
    ['File', file],
    ['Head', head ? `${head.n} ${head.sha256}` : 'none'],
    ['Checked', ok ? 'as it was written, as far as could be checked' : 'NOT as it was written: do not rely on it'],
    ...problems.map((one): Fact => ['Problem', `line ${one.line}: ${one.text}`]),
    ...(difference
      ? ([
          ['Not told', `from record ${difference.n} on: there the machines of this version decide otherwise`],
        ] as Fact[])
      : []),
    ...(cut || (!whole && !difference)
      ? ([['Cut', 'the record does not go on to the end of the session']] as Fact[])
      : []),
    ...unchecked.map((one): Fact => ['Not checked', one]),
  ]
}

const facts = (all: readonly Fact[]): string =>
  `<dl>${all.map(([what, text]) => `<div><dt>${escaped(what)}</dt><dd>${escaped(text)}</dd></div>`).join('')}</dl>`

const marks = ({ marks }: Recorded): string =>
  `<table><thead><tr><th>at</th><th>what</th></tr></thead><tbody>${marks
    .map(({ at_ms, text }) => `<tr><td>${timeLeft(at_ms)}</td><td>${escaped(text)}</td></tr>`)
    .join('')}</tbody></table>`
