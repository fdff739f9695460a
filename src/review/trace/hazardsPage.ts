import { table } from '../markdown.ts'
import type { Hazard, Sequence } from './model.ts'
import { faultWords, namesWords, testWords } from './words.ts'

/** HAZARDS.md: what can harm a person, in which ways it can come about, and what stands against each. */
export const hazardsPage = (hazards: readonly Hazard[]): string =>
  [
    '# Hazards',
    '',
    'What can harm a person under a cuff, how it can come about, and what stands against it. Made by `cuffpilot trace` from',
    '`src/review/trace/hazards`; a test compares, and finds a control that the code does not have, or that no test shows.',
    '',
    'Each hazard has its foreseeable sequences. Of each: the controls, layer by layer, by the names that code, diagrams and screen',
    'use; the ids that stand in the titles of the tests ([TRACE.md](TRACE.md) has files and last results); the faults of',
    'the fault matrix ([FAULTS.md](FAULTS.md)); and **what is left** when every control does what it should.',
    '',
    'The layers can each only shorten pressure, and release needs none of them but the first:',
    '',
    '- **unit**: valve, ceiling, times, watchdog and silence of the unit itself. The one independent control; the rest shares a laptop.',
    '- **guard**: the small process that owns the port: envelope, monitor, lease.',
    '- **machine**: the session: gate, checklist, times, limits, alarms.',
    '- **operator**: looks, asks, confirms, releases.',
    '- **screening** and **record**: who may train, and what is known of them and kept.',
    '',
    'This is an engineering analysis of research software, written by its authors. Nobody outside has reviewed it, severities and',
    'probabilities are not rated, no conformity with any standard is claimed, and no unit of hardware has been tested.',
    '',
    ...table(
      ['hazard', 'harm'],
      hazards.map(({ id, title, harm }) => [`[${id} ${title}](#${anchor(`${id} ${title}`)})`, harm]),
    ),
    ...hazards.flatMap(section),
    '',
  ].join('\n')

const anchor = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-')

const section = ({ id, title, harm, sequences }: Hazard): string[] => [
  '',
  `## ${id} ${title}`,
  '',
  `Harm: ${harm}`,
  ...sequences.flatMap(sequence),
]

const sequence = ({ id, what, controls, tests, faults, left }: Sequence): string[] => [
  '',
  `### ${id}`,
  '',
  what,
  '',
  ...table(
    ['layer', 'what it does', 'by'],
    controls.map(({ layer, does, by }) => [layer, does, namesWords(by)]),
  ),
  '',
  `Tests: ${testWords(tests)}.${faults.length > 0 ? ` Faults: ${faultWords(faults)}.` : ''}`,
  ...(left === undefined ? [] : ['', `**Left:** ${left}`]),
]
