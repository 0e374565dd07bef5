import type { EventBody } from '../../../core/event.ts'
import type { HeldItems } from '../../../core/held-items.ts'
import type { Holdings } from '../../../core/holdings.ts'
import type { ServerDump, ServerProgram } from '../../../core/server.ts'
import { CodeUnderTest } from '../../host/code-under-test.ts'
import { commitRecorder } from '../../host/commit-recorder.ts'
import { DumpReader } from '../../host/dump-reader.ts'
import { Intake } from '../../host/intake.ts'
import type { WireClock } from '../ports/clock.ts'
import { within } from '../process/within.ts'
import { EXIT_NOTICE_MS, PROGRAM_DUMP_TIMEOUT_MS } from '../timeouts.ts'
import type { ProgramProcess } from './program-process.ts'

export interface ProgramLifeOptions {
  readonly program: ServerProgram
  readonly process: ProgramProcess
  /** Counted from 1. */
  readonly incarnation: number
  readonly clock: WireClock
  readonly timeScale: number
  /** These outlive the incarnation. */
  readonly items: HeldItems
  readonly holdings: Holdings
  emit(event: EventBody): void
  /** Receives for how long, in real milliseconds, responses had to wait for a reading. */
  onLateness(ms: number): void
}

/** An incarnation of a program that listens: reads what it holds, and records what changed. */
export class ProgramLife {
  readonly #options: ProgramLifeOptions
  readonly #code: CodeUnderTest
  readonly #intake: Intake
  readonly #dumps: DumpReader
  /** Those who wait for a reading. */
  readonly #lookers = new Set<(isAlive: boolean) => void>()
  /** The requests that wait for the first reading; undefined once it is there. */
  #early: (() => void)[] | undefined = []

  constructor(options: ProgramLifeOptions) {
    this.#options = options
    const emit = (event: EventBody) => {
      if (this.#code.alive) options.emit(event)
    }
    this.#code = new CodeUnderTest({ emit, onCrash: () => {} }, {})
    this.#intake = new Intake({ from: 'server', record: emit })
    const { clock, timeScale } = options
    this.#dumps = new DumpReader({
      server: { dump: () => this.#readDump(), handle: () => Promise.reject() },
      code: this.#code,
      intake: this.#intake,
      clock: {
        now: () => clock.now(),
        wall: () => clock.wall(),
        // Real time: the reading is ours, and before the scenario begins no other passes.
        after: (ms, task) => {
          const timer = setTimeout(task, Math.max(PROGRAM_DUMP_TIMEOUT_MS, ms / timeScale))
          return { cancel: () => clearTimeout(timer) }
        },
      },
      onDump: commitRecorder(options),
    })
  }

  /** Reads for the first time what it holds. Resolves when that is recorded, or it has died. */
  begin(): Promise<void> {
    return new Promise((resolve) =>
      this.look(() => {
        const early = this.#early ?? []
        this.#early = undefined
        for (const task of early) task()
        resolve()
      }),
    )
  }

  /**
   * Runs the task when the holdings have been read for the first time: without that, what a request
   * changes could not be distinguished from what was there before.
   */
  admit(task: () => void): void {
    if (this.#early) this.#early.push(task)
    else task()
  }

  /** Reads what it holds, and calls back; with false if it has died before. */
  look(then: (isAlive: boolean) => void): void {
    if (!this.#code.alive) {
      then(false)
      return
    }
    this.#lookers.add(then)
    this.#dumps.read(() => {
      if (this.#lookers.delete(then)) then(true)
    })
  }

  /** Records everything that it holds. Resolves then, or when it has died. */
  recordState(): Promise<void> {
    return new Promise((resolve) => {
      if (!this.#code.alive) return resolve()
      const done = () => {
        this.#lookers.delete(done)
        resolve()
      }
      this.#lookers.add(done)
      this.#dumps.read((dump) => {
        if (dump) this.#intake.state(dump)
        done()
      })
    })
  }

  /** Must be called when the process has exited. */
  end(): void {
    this.#code.revoke()
    for (const looker of [...this.#lookers]) {
      this.#lookers.delete(looker)
      looker(false)
    }
  }

  async #readDump(): Promise<ServerDump> {
    const { program, process, items, onLateness } = this.#options
    const askedAt = performance.now()
    try {
      return items.dump(await program.dump(process.at)).dump
    } catch (error) {
      // The program may have just died: then nobody wants to know.
      if (!(await process.listens())) await within(EXIT_NOTICE_MS, process.exited)
      throw error
    } finally {
      // The responses that wait for the reading are late by it.
      onLateness(performance.now() - askedAt)
    }
  }
}
