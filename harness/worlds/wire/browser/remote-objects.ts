import type { LogLevel } from '../../host/console-log.ts'

/** A value of a page, as the DevTools protocol shows it. */
interface RemoteObject {
  readonly type?: string
  readonly value?: unknown
  /** 'Error: no\n    at …' for an error, 'Array(3)' for an array. */
  readonly description?: string
}

const LEVELS: Readonly<Record<string, LogLevel>> = {
  debug: 'debug',
  warning: 'warn',
  error: 'error',
  assert: 'error',
  trace: 'error',
}

/** Returns the level of a `Runtime.consoleAPICalled`. */
export const consoleLevel = (type: unknown): LogLevel => LEVELS[String(type)] ?? 'info'

/** Returns the arguments of a console's method as a text. */
export function remoteText(args: unknown): string {
  return Array.isArray(args) ? args.map(textOf).join(' ') : ''
}

function textOf({ type, value, description }: RemoteObject): string {
  if (type === 'string') return String(value)
  if (value !== undefined) return JSON.stringify(value)
  return firstLine(description) ?? String(type)
}

/** Returns the message of a `Runtime.exceptionThrown`: without the stack, which has ports in it. */
export function exceptionText({ exceptionDetails }: Record<string, unknown>): string {
  const { text = 'exception', exception } = exceptionDetails as {
    readonly text?: string
    readonly exception?: RemoteObject
  }
  const what = exception && (firstLine(exception.description) ?? textOf(exception))
  return what === undefined ? text : `${text}: ${what}`.replace(/^Uncaught: /, '')
}

const firstLine = (text: string | undefined) => text?.split('\n')[0]
