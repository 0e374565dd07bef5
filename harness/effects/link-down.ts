import { z } from 'zod'
import { defineEffect } from '../core/effect.ts'

/** The device's link refuses connections and breaks those it has. */
export default defineEffect({
  name: 'link-down',
  schema: z.object({ effect: z.literal('link-down'), device: z.string() }),
  example: { effect: 'link-down', device: 'ana' },
  caption: ({ device }) => `${device}'s link is down`,
  begin: ({ device }, { stage }) => stage.link(device).enable(false),
  end: ({ device }, { stage }) => stage.link(device).enable(true),
})
