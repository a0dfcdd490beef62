package fuzz

func (s *script) readiness() {}
