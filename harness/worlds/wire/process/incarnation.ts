import type { EventBody } from '../../../core/event.ts'
import { observeView } from '../../../core/observe.ts'
import { spanText } from '../../../core/time.ts'
import type { TraceChannel } from '../../../core/trace.ts'
import { readEvent } from '../device-protocol/protocol.ts'
import type { EventLog } from '../event-log.ts'
import { Heartbeat } from './heartbeat.ts'
import type { Exit, ProtocolProcess, Report } from './protocol-process.ts'

/** The most invalid lines of one incarnation that are recorded. Further ones are dropped. */
const INVALID_LINES_MAX = 50

export interface IncarnationOptions {
  /** A device's name, or 'server'. */
  readonly name: string
  readonly kind: 'device' | 'server'
  readonly log: EventLog
  /** Receives how late, in real milliseconds, a timer of the node has fired. */
  onLateness(ms: number): void
  /** Receives each event that the node reports. */
  onEvent?(event: EventBody): void
  /** Receives each line of output that is not a message. */
  onOutput?(text: string, incarnation: number): void
  /** Receives each trace line that the node reports. */
  onTrace?(channel: TraceChannel, what: string, t: number | undefined): void
}

/** A process as one incarnation of a node: records its start, its reports and its exit. */
export class Incarnation {
  readonly number: number
  readonly child: ProtocolProcess
  /** Who kills this incarnation: its exit is then not a crash of its own. */
  killedBy: 'scenario' | 'harness' | undefined
  #heartbeat: Heartbeat | undefined
  readonly #options: IncarnationOptions
  readonly #emit: (body: EventBody, t?: number) => void
  /** Instant at which a server reported its death at a crash point, in scenario milliseconds. */
  #diedAt: number | undefined
  #invalidLines = 0

  /** Records the start. */
  constructor(number: number, child: ProtocolProcess, options: IncarnationOptions) {
    this.number = number
    this.child = child
    this.#options = options
    options.log.emit({ type: 'start', incarnation: number }, options.name)
    this.#emit = options.log.writer(options.name)
  }

  /** Records the reports of the process, beginning with those that have arrived already. */
  listen(): void {
    this.child.listen((report) => this.#onReport(report))
  }

  /**
   * From now on, records a freeze if the process does not answer, and kills it: as an operating
   * system does with an app that does not respond.
   */
  watch(
    started: Promise<unknown>,
    { freezeAfterMs, now }: { readonly freezeAfterMs: number; now(): number },
  ): void {
    const { child, number: incarnation } = this
    const sign = `no answer for ${spanText(freezeAfterMs)}`
    this.#heartbeat = new Heartbeat({
      process: child,
      freezeAfterMs,
      started,
      now,
      onFreeze: (silence) => {
        if (this.killedBy) return
        this.killedBy = 'harness'
        this.#emit({ type: 'freeze', incarnation, sign, ...silence })
        void child.kill()
      },
    })
  }

  /** Must be called when an action is sent to the process. */
  performs(opId: string): void {
    this.#heartbeat?.performs(opId)
  }

  /** Records the exit as a crash. */
  recordExit(exit: Exit, becameReady: boolean): void {
    const incarnation = this.number
    this.#heartbeat?.stop()
    if (this.killedBy) {
      this.#emit({ type: 'crash', incarnation, by: this.killedBy }, this.#diedAt)
      return
    }
    const message = becameReady ? exit.message : `it never became ready: ${exit.message}`
    this.#emit({ type: 'crash', ...exit, incarnation, by: 'itself', message }, this.#diedAt)
  }

  #onReport(report: Report): void {
    const { kind, onLateness, onTrace } = this.#options
    switch (report.type) {
      case 'event':
        this.#record(readEvent(report.event, kind), report.t)
        break
      case 'view':
        this.#record({ type: 'view', view: observeView(report.view) }, report.t)
        break
      case 'invalid':
        if (++this.#invalidLines <= INVALID_LINES_MAX)
          this.#emit({ type: 'error', message: report.message })
        break
      case 'output':
        this.#options.onOutput?.(report.text, this.number)
        break
      case 'late':
        onLateness(report.ms)
        break
      case 'trace':
        onTrace?.(report.channel, report.what, report.t)
        break
      case 'dying':
        this.#diedAt = report.t
        this.killedBy = 'scenario'
    }
  }

  #record(event: EventBody, t: number | undefined): void {
    if (event.type === 'saved' || event.type === 'refused')
      this.#heartbeat?.hasPerformed(event.opId)
    this.#emit(event, t)
    this.#options.onEvent?.(event)
  }
}
