import type { EventBody } from '../../../core/event.ts'
import { observeView } from '../../../core/observe.ts'
import { readEvent } from '../device-protocol/protocol.ts'
import type { EventLog } from '../event-log.ts'
import type { Answer, Command, Exit, HostProcess } from './host-process.ts'

/** How many complaints about one incarnation's output go into the history. */
const MOST_COMPLAINTS = 50
/** Real milliseconds that a program has for its first word. */
const READY_WITHIN = 20_000
/** Real milliseconds that a process has for a reply before we stop waiting for it. */
const REPLY_WITHIN = 5000

export interface NodeSetting {
  /** A device's name, or 'server'. */
  readonly name: string
  readonly kind: 'device' | 'server'
  readonly log: EventLog
  spawn(): HostProcess
  /** How often the scenario will have it dead: so many spare processes are made ready beforehand, two at most at a time. */
  readonly deaths: number
  onLate(ms: number): void
  /** Sees each event that the node reports. */
  onEvent?(event: EventBody): void
}

/**
 * One device's, or the server's, processes over time: the one that runs, and spares for the next incarnations. A process takes some 0.4 s to come
 * up, which is much scenario time: so spares stand by, their modules loaded.
 */
export class Node {
  readonly name: string
  /** The number of the incarnation that runs, or ran last. */
  incarnation = 0
  /** Runs now; undefined when dead. */
  running: HostProcess | undefined
  /** How its last incarnation ended. */
  lastExit: Exit | undefined
  /** Its next death is the scenario's doing. */
  #doomed = false
  readonly #setting: NodeSetting
  readonly #spares: HostProcess[] = []
  #deathsLeft: number
  #closed = false

  constructor(setting: NodeSetting) {
    this.#setting = setting
    this.name = setting.name
    this.#deathsLeft = setting.deaths
    this.#fill()
  }

  /** Resolves when all that stands by is ready. */
  async prepared(): Promise<void> {
    await Promise.all(this.#spares.map((spare) => this.#awaitReady(spare)))
  }

  /**
   * Begins the next incarnation, on a process that stands by, with this command, and records its start. Undefined when the process falls over before it
   * is ready; that is recorded too.
   */
  async next(
    first: (incarnation: number) => Command,
  ): Promise<{ readonly answer: Promise<Answer> } | undefined> {
    const process = this.#spares.shift() ?? this.#setting.spawn()
    const ready = await this.#awaitReady(process)
    if (this.#closed) return undefined
    const { log, name, kind, onLate, onEvent } = this.#setting
    const incarnation = ++this.incarnation
    log.record(name, { type: 'start', incarnation })
    const say = log.speaker(name)
    const hear = (event: EventBody, t: number | undefined) => {
      say(event, t)
      onEvent?.(event)
    }
    let complaints = 0
    let dying: number | undefined
    this.running = process
    this.#doomed = false
    process.listen((message) => {
      switch (message.type) {
        case 'event':
          hear(readEvent(message.event, kind), message.t)
          break
        case 'view':
          hear({ type: 'view', view: observeView(message.view) }, message.t)
          break
        case 'garbage':
          if (++complaints <= MOST_COMPLAINTS) say({ type: 'error', message: message.message })
          break
        case 'late':
          onLate(message.ms)
          break
        case 'dying':
          dying = message.t
          this.#doomed = true
      }
    })
    const gone = process.ended.then((exit) => {
      this.running = undefined
      this.lastExit = exit
      this.#deathsLeft = Math.max(0, this.#deathsLeft - 1)
      if (this.#closed) return
      say(
        this.#doomed
          ? { type: 'crash', incarnation, by: 'scenario' }
          : {
              type: 'crash',
              incarnation,
              by: 'itself',
              message: ready ? exit.message : `it never became ready: ${exit.message}`,
            },
        dying,
      )
      this.#fill()
    })
    if (ready) return { answer: process.ask(first(incarnation)) }
    await gone
    return undefined
  }

  /** SIGKILL. Resolves when its crash is recorded and the next process is on its way. */
  async kill(): Promise<void> {
    const process = this.running
    if (!process) return
    this.#doomed = true
    await process.kill()
  }

  /** Waits until everything it has said has been heard. One that hangs is not waited for for ever. */
  async sync(): Promise<void> {
    const process = this.running
    if (!process) return
    const answer = await within(REPLY_WITHIN, process.ask({ type: 'sync' }))
    if (answer === undefined)
      this.#setting.log.record(this.name, {
        type: 'error',
        message: `it has not answered for ${REPLY_WITHIN} ms`,
      })
    if (answer === 'gone') await process.ended
  }

  /** Ends all its processes; with `politely` real milliseconds to do it in good order. */
  async close(politely: number): Promise<void> {
    this.#closed = true
    const { running } = this
    if (running && politely > 0) await within(politely, running.ask({ type: 'stop' }))
    await Promise.all(
      [...this.#spares.splice(0), ...(running ? [running] : [])].map((process) => process.kill()),
    )
  }

  /** One for the next start when it is dead, and as many as deaths are foreseen. */
  #fill(): void {
    const wanted = (this.running ? 0 : 1) + Math.min(2, this.#deathsLeft)
    while (!this.#closed && this.#spares.length < wanted) this.#spares.push(this.#setting.spawn())
  }

  async #awaitReady(process: HostProcess): Promise<boolean> {
    const ready = await within(READY_WITHIN, process.ready)
    if (ready === undefined) await process.kill()
    return ready === true
  }
}

/** What the promise brings within so many real milliseconds; undefined when that is not enough. */
export function within<Value>(ms: number, promise: Promise<Value>): Promise<Value | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), ms)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
