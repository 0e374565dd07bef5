import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import memdown from 'memdown'

type Batch = readonly { type: 'put' | 'del'; key: unknown; value?: unknown }[]

const revive = (_: string, value: { type?: string; data?: number[] } | null) =>
  value?.type === 'Buffer' ? Buffer.from(value.data ?? []) : value

/**
 * A LevelDOWN in plain JavaScript, for PouchDB's `db` option: memory, and a journal in `folder`.
 * LevelDB itself, PouchDB's default, is a native module and cannot be hosted.
 */
export function fileDown(folder: string) {
  return function fileDown(name: string) {
    const journal = join(folder, encodeURIComponent(name))
    const store = memdown()
    const apply = store._batch.bind(store)
    store._open = (_: unknown, done: () => void) => {
      const lines = existsSync(journal) ? readFileSync(journal, 'utf8').split('\n') : []
      // After the last line break stands nothing, or what a killed process did not finish.
      for (const line of lines.slice(0, -1)) apply(JSON.parse(line, revive), {}, () => {})
      store._nextTick(done)
    }
    store._batch = (batch: Batch, options: unknown, done: () => void) => {
      appendFileSync(journal, `${JSON.stringify(batch)}\n`)
      apply(batch, options, done)
    }
    store._put = (key: unknown, value: unknown, options: unknown, done: () => void) =>
      store._batch([{ type: 'put', key, value }], options, done)
    store._del = (key: unknown, options: unknown, done: () => void) =>
      store._batch([{ type: 'del', key }], options, done)
    return store
  }
}
