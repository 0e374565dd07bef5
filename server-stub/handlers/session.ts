import type { Random } from '../../harness/core/random.ts'
import { json } from '../http/response.ts'
import type { Handler } from '../http/router.ts'

/** POST /session. Makes a token, which nothing checks. */
export function sessionHandler(random: Random): Handler {
  return () => {
    const bytes = [...random.bytes(16)]
    return json(200, { token: bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('') })
  }
}
