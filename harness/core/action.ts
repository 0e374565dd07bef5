import { z } from 'zod'
import type { Json } from './json.ts'

const name = z.string().regex(/^[\w.-]{1,64}$/, 'letters, digits, _ . - only, at most 64')
const content = z.record(z.string(), z.json()) as unknown as z.ZodType<Content>

/**
 * What a person does on a device. `op` names the operation throughout the history; `record` names what it is about,
 * the same name on every device. The text in `content` carries the marker of both (mark.ts), for clients that mint ids of their own.
 */
export const actionSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('create'), op: name, collection: name, record: name, content }),
  z.object({ type: z.literal('update'), op: name, collection: name, record: name, content }),
  z.object({ type: z.literal('delete'), op: name, collection: name, record: name }),
  /** Takes back an operation that is still pending: the person deletes a message whose clock icon still shows. */
  z.object({ type: z.literal('cancel'), op: name, target: name }),
  /** Pull to refresh. */
  z.object({ type: z.literal('refresh'), op: name }),
])

export type Action = z.infer<typeof actionSchema>
export type WriteAction = Extract<Action, { type: 'create' | 'update' | 'delete' }>

/** A record's fields. Messages: conversation, text. Notes: text. */
export type Content = Readonly<Record<string, Json>>
