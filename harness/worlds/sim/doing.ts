import type { Setting } from '../../core/world.ts'
import type { CodeUnderTest } from '../host/code-under-test.ts'

/** Code under test that the sim is about to run. If it never returns, this tells who hangs. */
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

/** Announces code under test. */
export type Enter = (doing: Omit<Doing, 'since'>, code: CodeUnderTest) => void

/** Writes to the log of one incarnation ({@link Setting.log}). */
export type WriteLog = (node: string, incarnation: number, text: string) => void
