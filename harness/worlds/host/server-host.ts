import type { HostEvent, ServerEvent } from '../../core/event.ts'
import { flawAt } from '../../core/flaw.ts'
import type { Clock } from '../../core/ports/clock.ts'
import type { OpenDatabase } from '../../core/ports/database.ts'
import type { HttpRequest, HttpResponse } from '../../core/ports/http.ts'
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
import { hostedClock } from './hosted-clock.ts'
import { Intake } from './intake.ts'
import { type NodeTrace, tracedPorts } from './trace.ts'

/** Sent in the place of a response that is none. */
const INVALID_RESPONSE: HttpResponse = { status: 500, headers: {}, body: '' }

/** Thrown to leave the code of a server that has just died. Its ports are already revoked. */
class Died extends Error {
  override readonly name = 'Died'
}

export interface ServerHostOptions extends CodeOptions {
  readonly definition: ServerDefinition
  readonly setup: ServerSetup
  readonly clock: Clock
  readonly random: Random
  readonly database: OpenDatabase
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
 */
export class ServerHost {
  /** Announces and ends the server's code. */
  readonly code: CodeUnderTest
  readonly #options: ServerHostOptions
  readonly #intake = new Intake({
    from: 'server',
    record: (event) => this.#emit(event as ServerEvent | HostEvent),
  })
  #server: Server | undefined
  #state: ServerState

  constructor(options: ServerHostOptions) {
    this.#options = options
    this.code = new CodeUnderTest(options, { module: options.definition.module })
    this.#state = options.state
  }

  get alive(): boolean {
    return this.code.alive
  }

  /** Creates the server on its existing database. */
  create(): void {
    const { definition, setup, clock, random, database, die, trace, onSpin } = this.#options
    const ports: ServerPorts = {
      clock: hostedClock(clock, (task) => this.code.run('a timer', task), onSpin),
      random,
      database,
      recorder: { emit: (event) => void this.#intake.event(event) },
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
    const requestId = requestIdOf(request)
    const finish = (answer: HttpResponse) => {
      if (!this.alive) return
      const what = `${request.method} ${request.path}`
      const response = this.#intake.response(what, answer) ?? INVALID_RESPONSE
      if (requestId !== undefined)
        this.#emit({ type: 'serverResponded', requestId, status: response.status })
      respond(response)
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

  /** Records the whole state of the server. */
  dump(): void {
    const server = this.#server
    if (!server) return
    this.code.run('dump', () => {
      try {
        this.#intake.dump(server.dump())
      } catch (error) {
        this.#intake.invalid('its dump', flawAt([], error, 'an object'))
      }
    })
  }

  #emit(event: ServerEvent | HostEvent): void {
    if (this.alive) this.#options.emit(event)
  }
}

const requestIdOf = (request: HttpRequest): string | undefined => request.headers?.[REQUEST_HEADER]
