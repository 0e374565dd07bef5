import type { EventOf } from '../../core/event.ts'
import { stackOf } from '../../core/problem.ts'
import { consoleText } from './console-text.ts'

export type LogLevel = EventOf<'log'>['level']

/** The most characters of one line, and the most lines of one incarnation, that a history keeps. */
const TEXT_LENGTH_MAX = 2000
const LINES_MAX = 200

/** Records the console output of one incarnation, up to a bound. */
export class ConsoleLog {
  readonly #emit: (event: { type: 'log'; level: LogLevel; text: string }) => void
  readonly #log: ((text: string) => void) | undefined
  #lines = 0

  /** `log` receives each text in full, with the stacks of errors. */
  constructor(
    emit: (event: { type: 'log'; level: LogLevel; text: string }) => void,
    log?: (text: string) => void,
  ) {
    this.#emit = emit
    this.#log = log
  }

  /** Records one call of the console. */
  print(level: LogLevel, args: readonly unknown[]): void {
    this.#lines++
    if (this.#lines <= LINES_MAX) {
      // Without stacks: they contain this machine's paths.
      const text = consoleText(args, (error) => `${error.name}: ${error.message}`)
      const cut = text.length > TEXT_LENGTH_MAX ? `${text.slice(0, TEXT_LENGTH_MAX)}…` : text
      this.#emit({ type: 'log', level, text: cut })
    } else if (this.#lines === LINES_MAX + 1)
      this.#emit({ type: 'log', level: 'info', text: 'further lines are only in the log' })
    this.#log?.(consoleText(args, stackOf))
  }
}

const LEVELS = {
  debug: 'debug',
  log: 'info',
  info: 'info',
  dir: 'info',
  dirxml: 'info',
  table: 'info',
  group: 'info',
  groupCollapsed: 'info',
  count: 'info',
  timeLog: 'info',
  timeEnd: 'info',
  warn: 'warn',
  error: 'error',
  trace: 'error',
} as const satisfies Readonly<Record<string, LogLevel>>

/**
 * Replaces the methods of the console that print. They call `onPrint`, and the original if that
 * returns false. Returns the function that puts the originals back.
 */
export function hookConsole(
  onPrint: (level: LogLevel, args: readonly unknown[]) => boolean,
): () => void {
  const target = globalThis.console as unknown as Record<string, (...args: unknown[]) => void>
  const originals = new Map<string, (...args: unknown[]) => void>()
  const replace = (
    name: string,
    level: LogLevel,
    printed: (args: unknown[]) => readonly unknown[] | undefined,
  ) => {
    const original = target[name]
    if (typeof original !== 'function') return
    originals.set(name, original)
    target[name] = (...args: unknown[]) => {
      const what = printed(args)
      if (what === undefined || !onPrint(level, what)) original.apply(target, args)
    }
  }
  for (const [name, level] of Object.entries(LEVELS)) replace(name, level, (args) => args)
  replace('assert', 'error', ([condition, ...args]) =>
    condition ? undefined : ['Assertion failed', ...args],
  )
  return () => {
    for (const [name, original] of originals) target[name] = original
  }
}
