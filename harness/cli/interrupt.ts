import process from 'node:process'
import { exitCode } from './exit-codes.ts'

/** Receives signals that ask the process to end early. */
export interface Interruption {
  /** The exit code of the first signal; undefined until one arrives. */
  readonly exitCode: number | undefined
  /** Resolves when the first signal arrives. */
  readonly signalled: Promise<void>
  /** Removes the handlers. */
  release(): void
}

/**
 * Handles SIGINT, SIGTERM and SIGPIPE: the first signal asks for an orderly end, another SIGINT or
 * SIGTERM exits at once.
 */
export function watchSignals(): Interruption {
  let requested: number | undefined
  let announce = () => {}
  const signalled = new Promise<void>((resolve) => {
    announce = resolve
  })
  const onSignal = (signal: 'SIGINT' | 'SIGTERM' | 'SIGPIPE') => {
    if (requested !== undefined && signal === 'SIGPIPE') return
    if (requested !== undefined) process.exit(exitCode(signal))
    requested = exitCode(signal)
    announce()
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal).on('SIGPIPE', onSignal)
  return {
    get exitCode() {
      return requested
    },
    signalled,
    release: () => {
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal).off('SIGPIPE', onSignal)
    },
  }
}
