import type { Random } from '../../harness/core/random.ts'
import { json } from '../http/response.ts'
import type { Handler } from '../http/router.ts'
import { randomHex } from '../random-hex.ts'

/** POST /session. Makes a token, which nothing checks. */
export function sessionHandler(random: Random): Handler {
  return () => json(200, { token: randomHex(random, 16) })
}
