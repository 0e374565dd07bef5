import { sleep } from '../core/ports/clock.ts'
import type { ServerDefinition, ServerDump } from '../core/server.ts'
import tinyServer from './tiny-server.ts'

/** A way in which the dump misbehaves while the server holds a message that begins so. */
export type DumpTrouble = 'dump throws' | 'dump rejects' | 'dump never comes' | 'dump is wrong'

/** A message that begins so makes every dump from then on take seconds. */
export const SLOW_DUMP = 'dump is slow'
const SLOW_MS = 4000
const PROMPT_MS = 200

/**
 * The tiny server without reports: only its dump shows what it holds, and comes late. A message
 * that begins with the text of a {@link DumpTrouble} makes the dump misbehave.
 */
const tinySilentServer: ServerDefinition = {
  name: 'tiny-silent',
  title: 'the smallest correct server, which reports nothing',
  tells: 'holdings',
  module: import.meta.url,
  create: (ports, setup) => {
    const server = tinyServer.create(
      { ...ports, recorder: { emit: () => {} } },
      { ...setup, recordedThrough: Number.MAX_SAFE_INTEGER },
    )
    return {
      handle: (request) => server.handle(request),
      dump: () => {
        const dump = server.dump()
        const holds = (trouble: DumpTrouble | typeof SLOW_DUMP) =>
          dump.rows.some(({ content }) => String(content?.text).startsWith(trouble))
        if (holds('dump throws')) throw new Error('no dump, as asked')
        if (holds('dump rejects')) return Promise.reject(new Error('no dump, as asked'))
        if (holds('dump never comes')) return new Promise(() => {})
        if (holds('dump is wrong')) return { ...dump, epoch: 7 } as unknown as ServerDump
        const ms = holds(SLOW_DUMP) ? SLOW_MS : PROMPT_MS
        return sleep(ports.clock, ms).then(() => dump)
      },
    }
  },
}

export default tinySilentServer
