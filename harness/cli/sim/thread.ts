import { performance } from 'node:perf_hooks'
import type { Worker } from 'node:worker_threads'
import type { ScenarioResult } from '../../core/result.ts'
import type { Trace } from '../../core/trace.ts'
import type { LogLine } from '../../core/world.ts'
import type { Doing } from '../../worlds/sim/doing.ts'
import { processorMs } from '../processor-time.ts'
import { Heartbeat } from './heartbeat.ts'
import type { PlayMessage, ThreadMessage } from './messages.ts'
import { startWorker } from './start-worker.ts'
import { Stillness } from './stillness.ts'

/** Limits in real milliseconds. */
export interface ThreadLimits {
  /** The most that a run may take. */
  readonly timeoutMs: number
  /** Code under test that does not return for this long is frozen. */
  readonly frozenAfterMs: number
}

const TICK_MS = 250
/** At the time limit, code under test that has not returned for this long is what takes so long. */
const SPINS_AFTER_MS = 1000

/** The way in which a thread ended a run. All but `judged` cost the thread. */
export type ThreadEnd =
  | { readonly type: 'judged'; readonly result: ScenarioResult }
  | { readonly type: 'frozen'; readonly doing: Doing; readonly sign: string }
  | { readonly type: 'failed'; readonly reason: string }

export interface ThreadListener {
  onPhase(phase: string): void
  onEvent(json: string): void
  onLog(line: LogLine): void
  readonly trace: Trace | undefined
}

/** Plays scenarios in a thread of its own, and watches that code under test returns. */
export class SimThread {
  readonly #heartbeat = new Heartbeat()
  readonly #worker: Worker
  /** True until the thread has exited. */
  alive = true
  #onMessage: (message: ThreadMessage) => void = () => {}
  #onDeath: (reason: string) => void = () => {}
  #onOutput: (text: string) => void = () => {}

  constructor() {
    this.#worker = startWorker(this.#heartbeat.memory)
    this.#worker.on('message', (message: ThreadMessage) => this.#onMessage(message))
    const died = (reason: string) => {
      this.alive = false
      this.#onDeath(reason)
    }
    this.#worker.on('error', (error: Error) => died(error.message))
    this.#worker.on('exit', (code) =>
      died(`its thread exited with code ${code}; did it call process.exit()?`),
    )
    for (const stream of [this.#worker.stdout, this.#worker.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => this.#onOutput(text))
  }

  /** Plays one scenario. After an end other than `judged`, close the thread. */
  async play(
    message: PlayMessage,
    limits: ThreadLimits,
    listener: ThreadListener,
  ): Promise<ThreadEnd> {
    let end: (end: ThreadEnd) => void = () => {}
    const ended = new Promise<ThreadEnd>((resolve) => {
      end = resolve
    })
    /** Code under test runs from the first event to the end of the last phase. */
    let playing = false
    this.#onMessage = (sent) => {
      switch (sent.type) {
        case 'phase':
          playing = sent.phase !== 'end'
          return listener.onPhase(sent.phase)
        case 'event':
          playing = true
          return listener.onEvent(sent.json)
        case 'log':
          return listener.onLog(sent.line)
        case 'trace':
          return listener.trace?.line(sent.channel, sent.t, sent.node, sent.what)
        default:
          return end(sent)
      }
    }
    this.#onDeath = (reason) => end({ type: 'failed', reason })
    this.#onOutput = (text) =>
      listener.onLog({ node: 'thread', incarnation: 1, t: 0, text: text.trimEnd() })
    const unwatch = this.#watch(limits, () => playing, end)
    if (!this.alive) end({ type: 'failed', reason: 'its thread has exited' })
    this.#worker.postMessage(message)
    return ended.finally(() => {
      unwatch()
      this.#onMessage = () => {}
      this.#onDeath = () => {}
      this.#onOutput = () => {}
    })
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }

  #watch(
    { timeoutMs, frozenAfterMs }: ThreadLimits,
    isPlaying: () => boolean,
    end: (end: ThreadEnd) => void,
  ): () => void {
    const stillness = new Stillness(TICK_MS)
    const began = performance.now()
    let last = { at: began, worked: processorMs() }
    const timer = setInterval(() => {
      const now = performance.now()
      const worked = processorMs()
      const span = { elapsedMs: now - last.at, workedMs: worked - last.worked }
      last = { at: now, worked }
      const doing = isPlaying() ? this.#heartbeat.inside : undefined
      // If scenario time has moved, earlier code has returned, although the loop did not turn yet.
      const movement = `${this.#heartbeat.beats} ${doing?.since}`
      const stillMs = stillness.tick(movement, span)
      const spent = now - began
      if (doing && stillMs >= frozenAfterMs)
        end({
          type: 'frozen',
          doing,
          sign: `no return within ${frozenAfterMs / 1000} s of real time`,
        })
      else if (spent < timeoutMs) return
      else if (doing && stillMs >= SPINS_AFTER_MS)
        end({
          type: 'frozen',
          doing,
          sign: `no return until the limit of ${timeoutMs / 1000} s of real time`,
        })
      else end({ type: 'failed', reason: `it did not end within ${timeoutMs / 1000} s` })
    }, TICK_MS)
    return () => clearInterval(timer)
  }
}
