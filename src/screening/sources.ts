/** Where rules and questions come from, by the paper's own structure. */
export const PAPER = 'Nakajima, Morita, Sato 2011, Int. J. KAATSU Training Res. 7: 1-6'
export const POLICY = 'project policy'

export const point = (number: number | string): string => `Point ${number}`
export const table1 = (row: string): string => `Table 1, ${row}`
export const table2 = (row: string): string => `Table 2, ${row}`
/** A numbered paragraph of section I (side effects). */
export const sectionI = (paragraph: string): string => `Section I.${paragraph}`
export const SECTION_II = 'Section II, list of key considerations'
export const SECTION_III = 'Section III'

/** A source together with what we made of it ourselves. */
export const withPolicy = (source: string, what: string): string => `${source}; ${POLICY}: ${what}`
