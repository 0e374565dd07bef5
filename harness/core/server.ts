import type { Content } from './action.ts'
import type { Clock } from './ports/clock.ts'
import type { OpenDatabase } from './ports/database.ts'
import type { HttpRequest, HttpResponse } from './ports/http.ts'
import type { ServerRecorder } from './ports/recorder.ts'
import type { Random } from './random.ts'

export interface ServerPorts {
  readonly clock: Clock
  readonly random: Random
  readonly database: OpenDatabase
  readonly recorder: ServerRecorder
  /** A point at which a scenario may have the server die. The host may never return from it. */
  checkpoint(point: 'before-commit' | 'after-commit'): void
}

export interface ServerSetup {
  /** The name of the conflict policy. */
  readonly policy: string
  /**
   * Commits up to this sequence number have been recorded by earlier incarnations. The ones after it, found in the log at
   * start, are recorded as recovered.
   */
  readonly recordedThrough: number
}

/** A server under test, made anew at each start on what its database holds. Its transport is the host's business. */
export interface Server {
  handle(request: HttpRequest): Promise<HttpResponse>
  dump(): ServerDump
}

export interface ServerDump {
  readonly epoch: string
  /** The number of the newest commit. */
  readonly position: number
  readonly rows: readonly {
    readonly collection: string
    readonly record: string
    readonly version: number
    readonly deleted: boolean
    readonly author?: string
    /** The last content; absent when deleted. */
    readonly content?: Content
  }[]
  readonly conflicts?: readonly {
    readonly collection: string
    readonly record: string
    readonly key?: string
    readonly content?: Content
    readonly rule: string
  }[]
}

/** The default export of a server's module. */
export interface ServerDefinition {
  /** As in `--server NAME`. */
  readonly name: string
  readonly title: string
  create(ports: ServerPorts, setup: ServerSetup): Server
  /** File URL of the module this came from, filled in by whoever loads it. */
  readonly module?: string
}

/** The header in which a request's name in the history travels. */
export const REQUEST_HEADER = 'tunnelproof-request'
/** The header in which a client says which device and user it is. */
export const DEVICE_HEADER = 'tunnelproof-device'
export const USER_HEADER = 'tunnelproof-user'
