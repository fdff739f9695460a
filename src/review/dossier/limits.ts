import { LIMITS, WIDTH_CEILINGS } from '../../../machines/limits.ts'
import { table } from '../markdown.ts'
import { plain } from './markdown.ts'

const amount = (value: number, unit: string): string => `${value.toLocaleString('en')}\u00a0${unit}`

/** Every bound of the machines as Markdown: value, what it is for, and where it comes from. */
export const limitsText = (): string =>
  [
    'Every bound that the session machine and the guard enforce, from `machines/limits.ts`. "Project policy" means that no source',
    'gives the number, and that it was chosen on the careful side.',
    '',
    ...table(
      ['limit', 'value', 'what for', 'source'],
      Object.values(LIMITS).map(({ id, value, unit, why, source }) => [
        `\`${id}\``,
        unit === 'ms' ? amount(value / 1000, 's') : amount(value, unit),
        plain(why),
        plain(source),
      ]),
    ),
    '',
    '### Highest target by the width of the cuff',
    '',
    'Project policy: the field reports that occlusion pressure falls steeply with width, and no source gives a ceiling for each width.',
    '',
    ...table(
      ['limb', 'cuff up to', 'highest target'],
      Object.entries(WIDTH_CEILINGS).flatMap(([limb, rows]) =>
        rows.map(({ upTo_cm, max_mmHg }) => [limb, `${upTo_cm} cm`, amount(max_mmHg, 'mmHg')]),
      ),
    ),
  ].join('\n')
