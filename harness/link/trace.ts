/**
 * An optional trace of what a link does: one line for each connection opened, closed or reset, each
 * toxic added, updated or removed, and each chunk or end that a toxic handles. Costs nothing if
 * absent.
 *
 * @module
 */
import { traceSpan } from '../core/trace.ts'
import type { AttachedToxic, Stub, ToxicRun } from './toxic.ts'

/**
 * Receives one line at the instant at which it happens.
 *
 * @example
 *     connection 3: opened
 *     connection 3 downstream latency_downstream: 180 bytes in, holds for 300 ms
 *     connection 3 downstream latency_downstream: 180 bytes out
 */
export type LinkTrace = (what: string) => void

/** Returns a trace that puts a prefix before each line. */
export function withPrefix(prefix: string, trace: LinkTrace): LinkTrace {
  return (what) => trace(`${prefix}${what}`)
}

/** Starts a toxic whose run and stub report what they do. */
export function startTraced(toxic: AttachedToxic, stub: Stub, trace: LinkTrace): ToxicRun {
  const report = new ActReport(trace)
  const traced = tracedStub(stub, report)
  const run = toxic.start(traced)
  return {
    onChunk: (chunk, at) => report.during(byteCount(chunk), () => run.onChunk(chunk, at)),
    // A stub closes by itself if there is no onEnd.
    onEnd: () => report.during('end', () => (run.onEnd ? run.onEnd() : traced.close())),
  }
}

function tracedStub(stub: Stub, report: ActReport): Stub {
  return {
    attributes: stub.attributes,
    clock: stub.clock,
    random: stub.random,
    write: (chunk, at) => {
      report.act(`${byteCount(chunk)} out`)
      stub.write(chunk, at)
    },
    close: () => {
      report.act('closes')
      stub.close()
    },
    hold: (ms, then, onInterrupt) => {
      if (ms > 0)
        report.act(Number.isFinite(ms) ? `holds for ${traceSpan(ms)}` : 'holds until interrupted')
      stub.hold(ms, then, onInterrupt)
    },
    setTimer: (ms, then) => stub.setTimer(ms, then),
    closeIn: (ms) => {
      report.act(`closes in ${traceSpan(ms)}`)
      stub.closeIn(ms)
    },
  }
}

/** Puts what came in and the toxic's first act on one line. Later acts get lines of their own. */
class ActReport {
  readonly #trace: LinkTrace
  #input = ''

  constructor(trace: LinkTrace) {
    this.#trace = trace
  }

  during(input: string, handle: () => void): void {
    this.#input = `${input} in, `
    handle()
    if (this.#input !== '') this.act('nothing out')
  }

  act(what: string): void {
    const line = `${this.#input}${what}`
    this.#input = ''
    this.#trace(line)
  }
}

function byteCount({ length }: { readonly length: number }): string {
  return length === 1 ? '1 byte' : `${length} bytes`
}
