//go:build linux

package uring

// What package unix does not have of linux/io_uring.h, under the names that it has there.

const (
	IORING_OFF_SQ_RING = 0x0
	IORING_OFF_CQ_RING = 0x8000000
	IORING_OFF_SQES    = 0x10000000

	IORING_SETUP_SINGLE_ISSUER = 1 << 12 // Linux 6.0
	IORING_SETUP_DEFER_TASKRUN = 1 << 13 // Linux 6.1

	IORING_FEAT_NODROP        = 1 << 1 // Linux 5.5
	IORING_FEAT_SUBMIT_STABLE = 1 << 2 // Linux 5.5
	IORING_FEAT_FAST_POLL     = 1 << 5 // Linux 5.7

	IORING_ENTER_GETEVENTS = 1 << 0

	IORING_CQE_F_SOCK_NONEMPTY = 1 << 2 // Linux 5.19

	IORING_OP_SENDMSG      = 9
	IORING_OP_RECVMSG      = 10
	IORING_OP_ACCEPT       = 13
	IORING_OP_ASYNC_CANCEL = 14
	IORING_OP_CONNECT      = 16
	IORING_OP_READ         = 22
	IORING_OP_SEND         = 26
	IORING_OP_RECV         = 27
)

// sqe is struct io_uring_sqe, with the members of its unions that are used here.
type sqe struct {
	opcode      uint8
	flags       uint8
	ioprio      uint16
	fd          int32
	off         uint64 // addr2: accept's and connect's length of an address
	addr        uint64
	len         uint32
	opFlags     uint32 // msg_flags, accept_flags, cancel_flags
	userData    uint64
	bufIndex    uint16
	personality uint16
	spliceFd    int32
	addr3       uint64
	_           uint64
}

// cqe is struct io_uring_cqe.
type cqe struct {
	userData uint64
	res      int32
	flags    uint32
}

// params is struct io_uring_params.
type params struct {
	sqEntries, cqEntries, flags, sqThreadCPU, sqThreadIdle, features, wqFd uint32

	_  [3]uint32
	sq struct {
		head, tail, ringMask, ringEntries, flags, dropped, array, _ uint32
		_                                                           uint64
	}
	cq struct {
		head, tail, ringMask, ringEntries, overflow, cqes, flags, _ uint32
		_                                                           uint64
	}
}
