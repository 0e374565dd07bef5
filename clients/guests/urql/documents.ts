/** The operations of both GraphQL rows, parsed by the library's own `gql`. */
export const documentsOf = (gql) => ({
  ROWS: gql`{ messages { id conversation text } notes { id text } }`,
  WRITES: {
    messages: {
      create: gql`mutation ($conversation: String!, $text: String!) {
      addMessage(conversation: $conversation, text: $text) { id conversation text } }`,
      update: gql`mutation ($id: ID!, $text: String!) {
      editMessage(id: $id, text: $text) { id text } }`,
      delete: gql`mutation ($id: ID!) { deleteMessage(id: $id) }`,
    },
    notes: {
      create: gql`mutation ($id: ID!, $text: String!) {
      addNote(id: $id, text: $text) { id text } }`,
      update: gql`mutation ($id: ID!, $text: String!) {
      editNote(id: $id, text: $text) { id text } }`,
      delete: gql`mutation ($id: ID!) { deleteNote(id: $id) }`,
    },
  },
})
