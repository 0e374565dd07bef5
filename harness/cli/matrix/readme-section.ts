import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Problem } from '../../core/problem.ts'

const BEGIN = '<!-- matrix:begin -->'
const END = '<!-- matrix:end -->'

/** Opens the README.md of a folder. Throws a Problem unless it has both markers, in their order. */
export function readmeSection(
  folder: string,
  cwd: string,
): { readonly file: string; write(text: string): void } {
  const file = join(resolve(cwd, folder), 'README.md')
  const before = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const [begin, end] = [before.indexOf(BEGIN), before.indexOf(END)]
  if (begin < 0 || end < begin)
    throw new Problem(
      `--write-readme expects a README.md in ${folder} with the lines ${BEGIN} and ${END}`,
    )
  const write = (text: string) => {
    const head = before.slice(0, begin + BEGIN.length)
    writeFileSync(file, `${head}\n\n${text.trim()}\n\n${before.slice(end)}`)
  }
  return { file, write }
}
