import process from 'node:process'
import { onClosedPipe } from './closed-pipe.ts'
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
 * Handles SIGINT, SIGTERM and a closed output: the first asks for an orderly end, another signal
 * exits at once.
 */
export function watchSignals(): Interruption {
  let requested: number | undefined
  let announce = () => {}
  const signalled = new Promise<void>((resolve) => {
    announce = resolve
  })
  const request = (code: number) => {
    requested ??= code
    announce()
  }
  const onSignal = (signal: 'SIGINT' | 'SIGTERM') => {
    if (requested !== undefined) process.exit(exitCode(signal))
    request(exitCode(signal))
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  const unsubscribe = onClosedPipe(() => request(exitCode('SIGPIPE')))
  return {
    get exitCode() {
      return requested
    },
    signalled,
    release: () => {
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
      unsubscribe()
    },
  }
}
