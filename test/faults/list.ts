import type { Row } from './row.ts'
import { HOST } from './rows/host.ts'
import { LINK } from './rows/link.ts'
import { PERSON } from './rows/person.ts'
import { RECORDS } from './rows/records.ts'
import { UNIT } from './rows/unit.ts'

/** Every fault that FAULTS.md names, in its order. */
export const ROWS: readonly Row[] = [...HOST, ...LINK, ...UNIT, ...PERSON, ...RECORDS]
