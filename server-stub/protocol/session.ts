/**
 * `POST /session` makes a new session for the device and user in the headers, and responds 200 with
 * {@link sessionResponseSchema}. Later requests carry `authorization: Bearer TOKEN`.
 *
 * This server accepts a token and does not demand one. Whatever answers 401 on the path, a client
 * asks for a new session and then repeats what was refused.
 *
 * @module
 */
import { z } from 'zod'

/** A token has the characters that a header may carry (RFC 6750, 2.1). */
export const sessionResponseSchema = z.object({
  token: z
    .string()
    .max(4096)
    .regex(/^[\w\-.~+/]+=*$/),
})
