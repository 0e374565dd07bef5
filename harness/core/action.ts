import { z } from 'zod'
import type { Json } from './json.ts'

const name = z.string().regex(/^[\w.-]{1,64}$/, 'letters, digits, _ . - only, at most 64')
const content = z.record(z.string(), z.json()) as unknown as z.ZodType<Content>

/**
 * An action of a person on a device. `opId` is the operation's id throughout the history;
 * `record` is the record's name, the same on every device. The text in `content` carries a marker
 * with both (mark.ts), because clients create ids of their own.
 */
export const actionSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('create'), opId: name, collection: name, record: name, content }),
  z.object({ type: z.literal('update'), opId: name, collection: name, record: name, content }),
  z.object({ type: z.literal('delete'), opId: name, collection: name, record: name }),
  /** Cancels a pending operation: the person deletes a message that still has a clock icon. */
  z.object({ type: z.literal('cancel'), opId: name, target: name }),
  /** Pull to refresh. */
  z.object({ type: z.literal('refresh'), opId: name }),
])

/** An action; see {@link actionSchema}. */
export type Action = z.infer<typeof actionSchema>
export type WriteAction = Extract<Action, { type: 'create' | 'update' | 'delete' }>

/** A record's fields. A message has `conversation` and `text`, a note `text`. */
export type Content = Readonly<Record<string, Json>>
