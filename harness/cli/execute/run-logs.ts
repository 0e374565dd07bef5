import type { LogLine } from '../../core/world.ts'
import { timeColumn } from '../progress/time-column.ts'

/** A client may print for ever. */
const FILE_MAX = 1_000_000

interface LogFile {
  text: string
  full: boolean
  picture?: Uint8Array
}

/** The logs of a run: a text per incarnation of a node, with the scenario time of each line. */
export class RunLogs {
  #files = new Map<string, LogFile>()

  /** Begins the log of an attempt, in place of the last one's. Returns its receiver. */
  begin(): (line: LogLine) => void {
    const files = new Map<string, LogFile>()
    this.#files = files
    return ({ node, incarnation, t, text, picture }) => {
      const base = `${node.replaceAll(/[^\w.-]/g, '_')}.${incarnation}`
      if (picture) {
        files.set(`${base}.png`, { text: '', full: false, picture })
        return
      }
      const name = `${base}.log`
      const file = files.get(name) ?? { text: '', full: false }
      files.set(name, file)
      if (file.full) return
      file.text += lines(t, text)
      if (file.text.length < FILE_MAX) return
      file.full = true
      file.text = `${file.text.slice(0, FILE_MAX)}\n(cut after ${FILE_MAX} characters)\n`
    }
  }

  /** The files by name: `ana.1.log`, `ana.1.png`. */
  get files(): ReadonlyMap<string, string | Uint8Array> {
    return new Map([...this.#files].map(([name, { text, picture }]) => [name, picture ?? text]))
  }
}

function lines(t: number, text: string): string {
  const time = timeColumn(t)
  const indent = ' '.repeat(time.length)
  return text
    .split('\n')
    .map((line, i) => `${i === 0 ? time : indent}  ${line}\n`)
    .join('')
}
