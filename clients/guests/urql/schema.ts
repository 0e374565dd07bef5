/** The API of an app of messages and notes. A message gets its id from the server. */
export const schema = `
  type Message { id: ID!  conversation: String!  text: String! }
  type Note { id: ID!  text: String! }
  type Query { messages: [Message!]!  notes: [Note!]! }
  type Mutation {
    addMessage(conversation: String!, text: String!): Message!
    editMessage(id: ID!, text: String!): Message
    deleteMessage(id: ID!): ID
    addNote(id: ID!, text: String!): Note!
    editNote(id: ID!, text: String!): Note
    deleteNote(id: ID!): ID
  }
`
