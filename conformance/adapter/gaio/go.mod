module github.com/ioconform/ioconform/conformance/adapter/gaio

go 1.26.0

require (
	github.com/ioconform/ioconform v0.0.0
	github.com/xtaci/gaio v1.2.34
)

require golang.org/x/sys v0.49.0 // indirect

replace github.com/ioconform/ioconform => ../../..
