// Package lockstep makes the same calls, one at a time, on two back ends and compares what they answer and what the packets of their operations say.
//
// A Command is a call of a program or of a far end. A command that would make what happens depend on who is faster is not allowed (Allows): a far end
// resets a connection only while a receive is there to tell of it, and nothing is sent to a far end that is gone. What is left has one outcome in every correct back end,
// except where an axis says that they differ; those commands are not allowed either on a target that declares so. So no comparison depends on time: what the oracle says
// will come is waited for with patience, and only what comes besides is a difference.
//
// How many bytes a receive takes of those that were there before it is not compared: the rest is asked for until there are as many as the oracle had.
//
// command.go has the commands, connection.go what is known while they are made, session.go makes them, difference.go compares.
package lockstep
