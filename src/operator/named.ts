import { CuffError, EXIT, printable } from '../errors.ts'

/**
 * Point 3: who runs the session is known, and what qualifies them, unless that stands somewhere else.
 * @throws CuffError CP-OPERATOR
 */
export function operatorNamed(text: string, elsewhere = false): string {
  const given = text.trim()
  const named = elsewhere || /^[^,]*\S[^,]*,.*\S/.test(given)
  if (named && given !== '' && given.length <= 100 && printable(given) === given) return given
  throw new CuffError(
    'CP-OPERATOR',
    'nobody says who runs the session, and what qualifies them (Point 3).',
    'Give "NAME, QUALIFICATION", 1 to 100 characters; on the command line with --operator.',
    EXIT.refused,
  )
}
