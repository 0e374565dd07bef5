import express from 'express'
import { buildSchema, GraphQLError } from 'graphql'
import { createHandler } from 'graphql-http/lib/use/express'
import { guestServer } from '../../../harness/guest/guest.ts'
import { openJsonFile } from '../json-file.ts'
import { schema } from './schema.ts'

export default guestServer({ name: 'graphql' }, ({ port, folder }) => {
  const { data, save } = openJsonFile(folder, { last: 0, messages: {}, notes: {} })
  const list = (rows) => Object.entries(rows).map(([id, row]) => ({ id, ...(row as object) }))
  const put = (rows, id, row) => {
    rows[id] = row
    save()
    return { id, ...row }
  }
  const edit = (rows, { id, text }) => {
    if (!rows[id]) throw new GraphQLError(`There is no ${id}`)
    return put(rows, id, { ...rows[id], text })
  }
  const remove = (rows, { id }) => {
    delete rows[id]
    save()
    return id
  }
  const rootValue = {
    messages: () => list(data.messages),
    notes: () => list(data.notes),
    addMessage(message) {
      data.last += 1
      return put(data.messages, `s${data.last}`, { ...message })
    },
    addNote: ({ id, text }) => put(data.notes, id, { text }),
    editMessage: (change) => edit(data.messages, change),
    editNote: (change) => edit(data.notes, change),
    deleteMessage: (which) => remove(data.messages, which),
    deleteNote: (which) => remove(data.notes, which),
  }
  const app = express()
  app.all('/graphql', createHandler({ schema: buildSchema(schema), rootValue }))
  app.listen(port)
  const dump = () =>
    ['messages', 'notes'].flatMap((collection) =>
      Object.entries(data[collection]).map(([id, content]) => ({ collection, id, content })),
    )
  return { dump }
})
