import { serve } from '@hono/node-server'
import { Hono } from 'hono'

export const texts: string[] = []

/** A module that listens, and nothing else. */
const app = new Hono()
app.get('/texts', (context) => context.json(texts))
app.post('/texts', async (context) => {
  const { text } = await context.req.json<{ text: string }>()
  texts.push(text)
  return context.json({ id: crypto.randomUUID(), at: Date.now() }, 201)
})

serve({ fetch: app.fetch, port: Number(process.env.PORT) })
