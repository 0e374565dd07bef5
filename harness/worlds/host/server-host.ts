import { serveHttp1 } from '../../codec/http1-server.ts'
import type { HostEvent, ServerEvent } from '../../core/event.ts'
import type { Holdings } from '../../core/holdings.ts'
import type { Clock } from '../../core/ports/clock.ts'
import type { OpenDatabase } from '../../core/ports/database.ts'
import type { HttpRequest, HttpResponse } from '../../core/ports/http.ts'
import type { Standstill } from '../../core/ports/standstill.ts'
import type { ByteStream } from '../../core/ports/stream.ts'
import { stackOf } from '../../core/problem.ts'
import type { Random } from '../../core/random.ts'
import {
  REQUEST_HEADER,
  type Server,
  type ServerDefinition,
  type ServerPorts,
  type ServerSetup,
} from '../../core/server.ts'
import { crashWindow, type ServerState } from '../../core/server-state.ts'
import { type CodeOptions, CodeUnderTest } from './code-under-test.ts'
import { commitRecorder } from './commit-recorder.ts'
import { DumpReader } from './dump-reader.ts'
import { hostedClock } from './hosted-clock.ts'
import { hostedStandstill } from './hosted-standstill.ts'
import { Intake } from './intake.ts'
import { observedStream } from './server-edge.ts'
import { type NodeTrace, tracedPorts } from './trace.ts'

/**
 * The scenario milliseconds from the arrival of a write in a message to a reading of the holdings.
 * Shorter than the gateway waits before it acts after a message.
 */
const SILENT_WRITE_MS = 100

/** Sent in the place of a response that is none. */
const INVALID_RESPONSE: HttpResponse = { status: 500, headers: {}, body: '' }

/** Thrown to leave the code of a server that has just died. Its ports are already revoked. */
class Died extends Error {
  override readonly name = 'Died'
}

export interface ServerHostOptions extends CodeOptions {
  readonly definition: ServerDefinition
  readonly setup: ServerSetup
  /** Counted from 1. */
  readonly incarnation: number
  /** Holdings that earlier incarnations left, if the server shows only these. Outlives this one. */
  readonly holdings: Holdings
  readonly clock: Clock
  readonly random: Random
  readonly database: OpenDatabase
  readonly standstill: Standstill
  /** See {@link ServerPorts.folder}. */
  readonly folder?: string
  readonly emit: (event: ServerEvent | HostEvent) => void
  /** The state at the start of the incarnation. */
  readonly state: ServerState
  /** Kills this incarnation in a crash window of the scenario. May never return. */
  readonly die: (window: string) => void
  /** Traces timers and transactions. Default: nothing is traced. */
  readonly trace?: NodeTrace | undefined
  /** Returns the response to a request whose handling failed, and the error for the history. */
  readonly onHandleError: (
    request: HttpRequest,
    error: unknown,
  ) => { readonly message: string; readonly response: HttpResponse }
}

/**
 * Hosts one incarnation of a server, in every world: creates it, passes it requests, records which
 * requests arrived and how each was answered, and turns an exception of the handler into a 500.
 *
 * If the server shows holdings only, reads its dump at the start and before each response leaves,
 * and records the commits that {@link Holdings} derives. Requests wait for the first dump: without
 * it, what they change could not be distinguished from what was there before.
 */
export class ServerHost {
  /** Announces and ends the server's code. */
  readonly code: CodeUnderTest
  readonly #options: ServerHostOptions
  readonly #intake = new Intake({
    from: 'server',
    record: (event) => this.#emit(event as ServerEvent | HostEvent),
  })
  readonly #tellsHoldings: boolean
  #server: Server | undefined
  #dumps: DumpReader | undefined
  /** The requests and connections that wait for the first dump; undefined once it is there. */
  #early: (() => void)[] | undefined = []
  #state: ServerState

  constructor(options: ServerHostOptions) {
    this.#options = options
    this.code = new CodeUnderTest(options, {
      module: options.definition.source ?? options.definition.module,
    })
    this.#state = options.state
    this.#tellsHoldings = options.definition.tells === 'holdings'
  }

  get alive(): boolean {
    return this.code.alive
  }

  /** True if the server serves connections of bytes by itself. */
  get servesStreams(): boolean {
    return this.#server?.accept !== undefined
  }

  /** Creates the server on its existing database. */
  create(): void {
    const { definition, setup, clock, random, database, die, trace, onSpin } = this.#options
    const { standstill, folder, holdings, incarnation } = this.#options
    const emit = (event: ServerEvent) => this.#emit(event)
    const ports: ServerPorts = {
      clock: hostedClock(clock, this.code, onSpin !== undefined),
      random,
      database,
      ...(folder !== undefined && { folder }),
      standstill: hostedStandstill(standstill, this.code),
      recorder: {
        emit: (event) => {
          if (!this.#tellsHoldings) this.#intake.event(event)
        },
      },
      checkpoint: (point) => {
        const window = this.alive ? crashWindow(this.#state, point) : undefined
        if (window !== undefined) die(window)
        if (!this.alive) throw new Died()
      },
    }
    const traced = tracedPorts(ports, trace, () => this.alive)
    this.code.run('create', () => {
      this.#server = definition.create(traced, setup)
    })
    if (!this.#server) return
    const server = this.#server
    this.code.handlesUncaught = (error, origin) => server.handlesUncaught?.(error, origin) ?? false
    this.#dumps = new DumpReader({
      server: this.#server,
      code: this.code,
      intake: this.#intake,
      clock,
      ...(this.#tellsHoldings && { onDump: commitRecorder({ holdings, incarnation, emit }) }),
    })
    this.#afterLook(() => {
      const early = this.#early ?? []
      this.#early = undefined
      for (const handle of early) handle()
    })
  }

  /** Sets the part of the server's state that the scenario controls. */
  set(state: ServerState): void {
    this.#state = state
  }

  /** Records that the whole request has arrived. */
  receive(request: HttpRequest): void {
    const requestId = requestIdOf(request)
    if (requestId !== undefined) this.#emit({ type: 'serverReceived', requestId })
  }

  /** Passes a request to the server. Calls `respond` once, or never if the server dies before. */
  handle(request: HttpRequest, respond: (response: HttpResponse) => void): void {
    if (!this.alive || !this.#server) return
    if (this.#early) {
      this.#early.push(() => this.handle(request, respond))
      return
    }
    const requestId = requestIdOf(request)
    const finish = (answer: HttpResponse) => {
      if (!this.alive) return
      const what = `${request.method} ${request.path}`
      const response = this.#intake.response(what, answer) ?? INVALID_RESPONSE
      this.#afterLook(() => {
        if (requestId !== undefined)
          this.#emit({ type: 'serverResponded', requestId, status: response.status })
        respond(response)
      })
    }
    const fail = (error: unknown) => {
      const { message, response } = this.#options.onHandleError(request, error)
      this.#emit({ type: 'error', message })
      this.#options.log?.(stackOf(error))
      finish(response)
    }
    const server = this.#server
    this.code.run(`handle(${request.method} ${request.path})`, () => {
      try {
        server.handle(request).then(finish, fail)
      } catch (error) {
        fail(error)
      }
    })
  }

  /**
   * Passes a connection of bytes to the server. To one that serves none, it passes the HTTP/1.1
   * requests on it.
   */
  accept(outer: ByteStream): void {
    const server = this.#server
    if (!this.alive || !server) return
    if (this.#early) {
      this.#early.push(() => this.accept(outer))
      return
    }
    if (!server.accept) {
      serveHttp1(outer, (request, respond) => {
        this.receive(request)
        this.handle(request, respond)
      })
      return
    }
    const stream = observedStream({
      outer,
      code: this.code,
      emit: (event) => this.#emit(event),
      afterLook: (task) => this.#afterLook(task),
      onSilentWrite: () =>
        void this.#options.clock.after(SILENT_WRITE_MS, () => {
          if (this.#tellsHoldings && this.alive) this.#afterLook(() => {})
        }),
    })
    this.code.run('accept(stream)', () => server.accept?.(stream))
  }

  /**
   * Records the whole state of the server, and then calls `done`: at once if the dump is there at
   * once, never if the server dies before.
   */
  dump(done: () => void = () => {}): void {
    if (!this.#dumps) done()
    this.#dumps?.read((dump) => {
      if (dump) this.#intake.state(dump)
      done()
    })
  }

  /** Runs the task once the dump has been read; at once if the server reports its writes. */
  #afterLook(task: () => void): void {
    if (this.#tellsHoldings) this.#dumps?.read(task)
    else task()
  }

  #emit(event: ServerEvent | HostEvent): void {
    if (this.alive) this.#options.emit(event)
  }
}

const requestIdOf = (request: HttpRequest): string | undefined => request.headers?.[REQUEST_HEADER]
