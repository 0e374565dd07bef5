import type { Clock } from '../../core/ports/clock.ts'
import type { Sink } from '../../link/connection.ts'

/** Returns a sink that passes everything on after at least `delay()` milliseconds, in order. */
export function delayedSink(sink: Sink, clock: Clock, delay: () => number): Sink {
  let lastDue = 0
  const later = (task: () => void) => {
    lastDue = Math.max(lastDue, clock.now() + delay())
    clock.after(lastDue - clock.now(), task)
  }
  return {
    write: (chunk) => later(() => sink.write(chunk)),
    end: () => later(() => sink.end()),
    reset: () => later(() => sink.reset()),
  }
}
