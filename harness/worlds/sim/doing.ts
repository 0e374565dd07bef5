import type { Setting } from '../../core/world.ts'
import type { CodeUnderTest } from '../host/code-under-test.ts'

/** Code under test that the sim is about to run. If it never returns, this is what hangs. */
export interface Doing {
  /** A device's name, or 'server'. */
  readonly node: string
  readonly incarnation: number
  /** 'create', 'start', 'perform(ana-1)', 'view()', 'a timer'. */
  readonly doing: string
  /** Scenario milliseconds at which the code was entered. */
  readonly since: number
  /** The last action that the person has performed on the device. */
  readonly opId?: string
}

/** An incarnation whose code is entered. */
export interface Entered {
  readonly node: string
  readonly incarnation: number
  /** The last action of the person, if there was one. */
  readonly lastOpId: () => string | undefined
}

/** Announces code under test. Called often, so it gets what exists already. */
export type Enter = (entered: Entered, doing: string, code: CodeUnderTest) => void

/** Writes to the log of one incarnation ({@link Setting.log}). */
export type WriteLog = (node: string, incarnation: number, text: string) => void
