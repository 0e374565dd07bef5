import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Data of a small server, kept in a file that is replaced as a whole at each save. */
export function openJsonFile(folder: string, empty) {
  const file = join(folder, 'data.json')
  const data = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : empty
  const save = () => {
    writeFileSync(`${file}.new`, JSON.stringify(data))
    renameSync(`${file}.new`, file)
  }
  return { data, save }
}
