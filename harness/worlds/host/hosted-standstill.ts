import type { Standstill } from '../../core/ports/standstill.ts'
import type { CodeUnderTest } from './code-under-test.ts'

/** Returns the standstill of one incarnation: what waits for a work runs as its code. */
export function hostedStandstill(standstill: Standstill, code: CodeUnderTest): Standstill {
  return (work) =>
    new Promise((resolve, reject) => {
      standstill(work).then(
        (result) => code.run('the end of a work', () => resolve(result)),
        (error) => code.run('the end of a work', () => reject(error)),
      )
    })
}
