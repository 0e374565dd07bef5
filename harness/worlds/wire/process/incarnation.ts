import type { EventBody } from '../../../core/event.ts'
import { spanText } from '../../../core/time.ts'
import type { TraceChannel } from '../../../core/trace.ts'
import { Intake } from '../../host/intake.ts'
import type { EventLog } from '../event-log.ts'
import { Pinger } from './pinger.ts'
import type { Exit, ProtocolProcess, Report } from './protocol-process.ts'

export interface IncarnationOptions {
  /** A device's name, or 'server'. */
  readonly name: string
  readonly kind: 'device' | 'server'
  readonly log: EventLog
  /** Receives how late, in real milliseconds, a timer of the node has fired. */
  onLateness(ms: number): void
  /** Receives each event that the node reports. */
  onEvent?(event: EventBody): void
  /** Receives the crash window in which the server is about to kill itself. */
  onDying?(window: string): void
  /**
   * Receives the node's own reports of requests and responses, if a relay records these: they are
   * not recorded then.
   */
  onHttpReport?(event: { readonly type: string }, from: ProtocolProcess): void
  /** Receives each line of output that is not a message, and each picture, beside an empty text. */
  onOutput?(text: string, incarnation: number, picture?: Uint8Array): void
  /** Receives each trace line that the node reports. */
  onTrace?(channel: TraceChannel, what: string, t: number | undefined): void
}

/** A process as one incarnation of a node: records its start, its reports and its exit. */
export class Incarnation {
  readonly number: number
  readonly child: ProtocolProcess
  /** Who kills this incarnation: its exit is then not a crash of its own. */
  killedBy: 'scenario' | 'harness' | undefined
  #pinger: Pinger | undefined
  readonly #options: IncarnationOptions
  readonly #emit: (body: EventBody, t?: number) => void
  /** The death that the node has announced. */
  #death: Extract<Report, { type: 'dying' }> | undefined
  readonly #intake: Intake
  /** The instant of the report that is recorded now. */
  #reportedAt: number | undefined

  /** Records the start. */
  constructor(number: number, child: ProtocolProcess, options: IncarnationOptions) {
    this.number = number
    this.child = child
    this.#options = options
    options.log.emit({ type: 'start', incarnation: number }, options.name)
    this.#emit = options.log.writer(options.name)
    this.#intake = new Intake({
      from: options.kind === 'device' ? 'device' : 'server process',
      record: (event) => this.#record(event),
      isPerformed: (opId) => options.log.isPerformed(opId, options.name),
    })
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
    const sign = `no answer for ${spanText(freezeAfterMs)} of real time`
    this.#pinger = new Pinger({
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
    this.#pinger?.performs(opId)
  }

  /** Records the exit as a crash. */
  recordExit(exit: Exit, becameReady: boolean): void {
    const incarnation = this.number
    this.#pinger?.stop()
    if (this.killedBy) {
      this.#emit({ type: 'crash', incarnation, by: this.killedBy }, this.#death?.t)
      return
    }
    const { t, message = exit.message, frame = exit.frame } = this.#death ?? {}
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
    const { onLateness, onTrace, onHttpReport } = this.#options
    this.#reportedAt = 't' in report ? report.t : undefined
    switch (report.type) {
      case 'event':
        if (onHttpReport && isAboutHttp(report.event)) onHttpReport(report.event, this.child)
        else this.#intake.event(report.event)
        break
      case 'view': {
        const view = this.#intake.view(report.view)
        if (view) this.#record({ type: 'view', view })
        break
      }
      case 'invalid':
        this.#intake.invalid('a line on stdout', report)
        break
      case 'output':
        this.#options.onOutput?.(report.text, this.number)
        break
      case 'picture':
        this.#options.onOutput?.('', this.number, Buffer.from(report.png, 'base64'))
        break
      case 'late':
        onLateness(report.ms)
        break
      case 'trace':
        onTrace?.(report.channel, report.what, report.t)
        break
      case 'dying':
        this.#death = report
        if (report.window !== undefined) {
          this.killedBy = 'scenario'
          this.#options.onDying?.(report.window)
        }
    }
  }

  #record(event: EventBody): void {
    if (event.type === 'saved' || event.type === 'refused') this.#pinger?.hasPerformed(event.opId)
    this.#emit(event, this.#reportedAt)
    this.#options.onEvent?.(event)
  }
}

const isAboutHttp = ({ type }: { readonly type: string }) =>
  type === 'request' || type === 'response'
