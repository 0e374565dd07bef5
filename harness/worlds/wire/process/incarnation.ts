import type { EventBody } from '../../../core/event.ts'
import { observeView } from '../../../core/observe.ts'
import type { TraceChannel } from '../../../core/trace.ts'
import { readEvent } from '../device-protocol/protocol.ts'
import type { EventLog } from '../event-log.ts'
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
  /** Receives each trace line that the node reports. */
  onTrace?(channel: TraceChannel, what: string, t: number | undefined): void
}

/** A process as one incarnation of a node: records its start, its reports and its exit. */
export class Incarnation {
  readonly number: number
  readonly child: ProtocolProcess
  /** True if the scenario kills this incarnation: its exit is not a crash of its own. */
  killedByScenario = false
  readonly #options: IncarnationOptions
  readonly #emit: (body: EventBody, t?: number) => void
  /** The death that the node has announced. */
  #death: Extract<Report, { type: 'dying' }> | undefined
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

  /** Records the exit as a crash. */
  recordExit(exit: Exit, becameReady: boolean): void {
    const incarnation = this.number
    if (this.killedByScenario) {
      this.#emit({ type: 'crash', incarnation, by: 'scenario' }, this.#death?.t)
      return
    }
    const { message = exit.message, frame, t } = this.#death ?? {}
    this.#emit(
      {
        type: 'crash',
        incarnation,
        by: 'itself',
        message: becameReady ? message : `it never became ready: ${message}`,
        ...(frame !== undefined && { frame }),
      },
      t,
    )
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
      case 'late':
        onLateness(report.ms)
        break
      case 'trace':
        onTrace?.(report.channel, report.what, report.t)
        break
      case 'dying':
        this.#death = report
        if (report.message === undefined) this.killedByScenario = true
    }
  }

  #record(event: EventBody, t: number | undefined): void {
    this.#emit(event, t)
    this.#options.onEvent?.(event)
  }
}
