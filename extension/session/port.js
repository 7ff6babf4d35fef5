// The name by which a page knows that it is a view that connects. Says nothing of what is said.

export const PORT = "undertone-session";
