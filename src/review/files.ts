import { reviewed } from './machines.ts'
import { matrixOf } from './matrix.ts'
import { mermaidOf } from './mermaid.ts'
import { svgOf } from './svg.ts'

/** Where the committed ones are, from the root of the package. */
export const DIAGRAMS = 'machines/diagrams'

export interface GeneratedFile {
  readonly name: string
  readonly text: string
}

/** Every diagram and matrix: for each machine a picture, its Mermaid text, and the matrix of states and events. */
export async function diagramFiles(): Promise<readonly GeneratedFile[]> {
  const files: GeneratedFile[] = []
  for (const one of await reviewed()) {
    const { id } = one.chart
    files.push({ name: `${id}.svg`, text: await svgOf(one) })
    files.push({ name: `${id}.mmd`, text: mermaidOf(one.chart) })
    files.push({ name: `${id}.md`, text: matrixOf(one) })
  }
  return files
}
