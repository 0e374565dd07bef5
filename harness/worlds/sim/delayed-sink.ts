import type { Clock } from '../../core/ports/clock.ts'
import type { Sink } from '../../link/connection.ts'

/** Delays what is written to a sink by `delay()` milliseconds at least, and keeps the order. */
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
