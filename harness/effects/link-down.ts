import { z } from 'zod'
import { defineEffect } from '../core/effect.ts'

/** Disables the device's link: it refuses new connections and breaks the open ones. */
export default defineEffect({
  name: 'link-down',
  schema: z.object({ effect: z.literal('link-down'), device: z.string() }),
  example: { effect: 'link-down', device: 'ana' },
  caption: ({ device }) => `${device}'s link is down`,
  begin: ({ device }, { stage }) => stage.link(device).enable(false),
  end: ({ device }, { stage }) => stage.link(device).enable(true),
})
