import { screen } from './engine.ts'
import { EXAMPLES, exampleIntake } from './example.ts'
import { expected } from './intake.ts'
import type { Question } from './question.ts'
import { GROUPS } from './questions/index.ts'
import type { Rule } from './rule.ts'
import { CHAPTERS, RULES_SHA256, RULES_VERSION } from './rules/index.ts'
import { PAPER } from './sources.ts'
import { conditionWords, EFFECT_WORDS, limitWords, outcomeLines } from './words.ts'

/** When the example people are screened; the page is the same whenever it is made. */
const NOW = Date.parse('2026-01-05T10:00:00Z')

/** RULES.md: every question and every rule as tables with citations, and the ten example people. Generated. */
export function rulesPage(): string {
  return [
    '# The screening rules',
    '',
    'Generated from the rules themselves; `npm run rules` writes it anew, and a test compares.',
    '',
    `Rule set ${RULES_VERSION}, SHA-256 \`${RULES_SHA256}\`.`,
    `Places without another name are in ${PAPER}.`,
    '"Project policy" is ours: no source gives it, and it was chosen on the careful side.',
    '',
    'The worst rule decides, and all that fire are listed. An answer that is unknown, or missing, counts as the worse one;',
    'where that would keep the person from training, the result is a refusal until the answer is known.',
    '',
    '## Rules',
    ...CHAPTERS.flatMap(([title, rules]) => ['', `### ${title}`, '', ...ruleTable(rules)]),
    '',
    '## Questions',
    ...GROUPS.flatMap(([title, questions]) => ['', `### ${title}`, '', ...questionTable(questions)]),
    '',
    '## Ten example people',
    '',
    'None of them is real; their intakes are in [people](people/). `cuffpilot screen --example --explain` shows the same, with a',
    'blood pressure measured five minutes ago.',
    ...EXAMPLES.flatMap(name => ['', `### ${name}`, '', '```', ...personLines(name), '```']),
    '',
  ].join('\n')
}

const personLines = (name: (typeof EXAMPLES)[number]): string[] =>
  outcomeLines(screen(exampleIntake(name, NOW), NOW), true).slice(0, -1)

const ruleTable = (rules: readonly Rule[]): string[] =>
  table(
    ['rule', 'when', 'what follows', 'why', 'source', 'what would change it'],
    rules.map(rule => [rule.id, conditionWords(rule.when), effectCell(rule), rule.reason, rule.source, rule.lift]),
  )

function effectCell({ effect, points, grade }: Rule): string {
  const limits = 'limits' in effect && effect.limits ? `: ${limitWords(effect.limits).join(', ')}` : ''
  const scored = points === undefined ? '' : `; ${points} point${points > 1 ? 's' : ''}`
  const graded = grade ? `; Table 2: ${grade.column}` : ''
  return `${EFFECT_WORDS[effect.do]}${limits}${scored}${graded}`
}

const questionTable = (questions: readonly Question[]): string[] =>
  table(
    ['key', 'question', 'answer', 'asked where', 'source'],
    questions.map(({ id, text, answer, only, source }) => [
      id,
      text,
      expected(answer),
      only ? conditionWords(only) : 'always',
      source,
    ]),
  )

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  `| ${head.join(' | ')} |`,
  `| ${head.map(() => '---').join(' | ')} |`,
  ...rows.map(row => `| ${row.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`),
]
