import process from 'node:process'

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const

/** A wish to end early. */
export interface Interruption {
  /** 130 or 143 once a signal came. */
  readonly exitCode: number | undefined
  /** Resolves when the first signal comes. */
  readonly signalled: Promise<void>
  /** No longer ours: signals act as ever again. */
  release(): void
}

/** Takes SIGINT and SIGTERM over: the first one asks for an orderly end, the second ends the process at once. */
export function watchSignals(): Interruption {
  let exitCode: number | undefined
  let announce = () => {}
  const signalled = new Promise<void>((resolve) => {
    announce = resolve
  })
  const onSignal = (signal: 'SIGINT' | 'SIGTERM') => {
    if (exitCode !== undefined) process.exit(EXIT_CODES[signal])
    exitCode = EXIT_CODES[signal]
    announce()
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  return {
    get exitCode() {
      return exitCode
    },
    signalled,
    release: () => {
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
    },
  }
}
