/**
 * The messages between the main thread and a thread of the sim.
 *
 * @module
 */
import type { ClientDefinition } from '../../core/client.ts'
import type { ScenarioResult } from '../../core/result.ts'
import type { Scenario } from '../../core/scenario.ts'
import type { ServerDefinition } from '../../core/server.ts'
import type { TraceChannel } from '../../core/trace.ts'
import type { LogLine } from '../../core/world.ts'
import type { Phase } from '../../run/play.ts'
import type { RunFiles } from '../../run/result.ts'

/** The part of a definition that is data; the thread loads the functions from `module`. */
type DataOf<Definition, Keys extends keyof Definition> = Pick<Definition, Keys> & {
  readonly module: string
}

/** Asks the thread to play a scenario. The next one is asked for when it has answered. */
export interface PlayMessage {
  readonly scenario: Scenario
  readonly client: DataOf<ClientDefinition, 'name' | 'title' | 'capabilities'>
  readonly server: DataOf<ServerDefinition, 'name' | 'title'>
  readonly seed: number
  readonly files: RunFiles
  readonly trace: readonly TraceChannel[]
}

export type ThreadMessage =
  | { readonly type: 'phase'; readonly phase: Phase }
  /** An event of the history as JSON: it may hold values that no message can. */
  | { readonly type: 'event'; readonly json: string }
  | { readonly type: 'log'; readonly line: LogLine }
  | {
      readonly type: 'trace'
      readonly channel: TraceChannel
      readonly t: number
      readonly node: string
      readonly what: string
    }
  | { readonly type: 'judged'; readonly result: ScenarioResult }
  | { readonly type: 'failed'; readonly reason: string }
