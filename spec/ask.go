package spec

import "slices"

// askTable says who is asked when: for each moment, the rules that apply to the target and have something to say at it, and of these for each kind
// of operation those that speak of it. It is made once for a target. A packet of a receive is a matter for some 40 rules; without the second index it
// would be shown to all 64 that are asked about packets, each of which looks at the operation and passes. Of the 40, a quarter have something to say of a
// packet about which nothing is out of the ordinary.
type askTable struct {
	of      [moments][SendTo + 1][]asked // by the operation of the matter; at NoVerb all, for one that has no operation, or a post
	usual   [moments][SendTo + 1][]asked // likewise, of a matter that is plain
	doubted []doubted                    // what End looks at
}

// asked is a rule with the place where its answers are counted. Its check stands here as well, side by side with those that are asked with it, and how its answers
// are counted: going by the rules, which lie apart, half of the time of asking was spent on finding them.
type asked struct {
	check func(*ledger, *matter) outcome
	count *Count
	rule  *Rule
	width int // cells of a situation
}

// make fills the table with the rules that apply to a target.
func (t *askTable) make(a *About, counts []Count) {
	*t = askTable{}
	for i, r := range allRules {
		if _, applies := r.Applies(a); !applies {
			continue
		}
		entry := asked{r.check, &counts[i], r, r.width()}
		for _, at := range r.at {
			for v := range t.of[at] {
				if r.of != nil && Verb(v) != NoVerb && !slices.Contains(r.of, Verb(v)) {
					continue
				}
				t.of[at][v] = append(t.of[at][v], entry)
				if !r.odd {
					t.usual[at][v] = append(t.usual[at][v], entry)
				}
			}
		}
		if x, listed := causes[r.ID]; listed {
			t.doubted = append(t.doubted, doubted{x, &counts[i]})
		}
	}
}

// about returns those that have something to say of the matter.
func (t *askTable) about(at moment, m *matter) []asked {
	v := NoVerb
	if m.op != nil && m.op.verb <= SendTo {
		v = m.op.verb
	}
	if m.plain(at) {
		return t.usual[at][v]
	}
	return t.of[at][v]
}

// ask puts the matter to every rule that has something to say at this moment, and reports whether one was broken.
func (c *Checker) ask(at moment, m *matter) (accused bool) {
	m.when = at
	if c.ledger.beyond(m) {
		return c.askBeyond(at, m)
	}
	list := c.table.about(at, m)
	for i := range list {
		x := &list[i]
		switch out := x.check(c.ledger, m); out.verdict {
		case notMine:
		case held:
			x.hold(out)
		default:
			accused = c.answered(x, m, out) || accused
		}
	}
	return accused
}

// askBeyond puts a matter to the rules of which all guarantees are void for it.
func (c *Checker) askBeyond(at moment, m *matter) (accused bool) {
	list := c.table.of[at][NoVerb]
	for i := range list {
		x := &list[i]
		if x.rule.Binds == Guarantee {
			x.count.Voided++
			continue
		}
		switch out := x.check(c.ledger, m); out.verdict {
		case notMine:
		case held:
			x.hold(out)
		default:
			accused = c.answered(x, m, out) || accused
		}
	}
	return accused
}

// hold counts an answer that the rule held. It has no branches: which alternative it was is as good as random.
func (x *asked) hold(out outcome) {
	c := x.count
	c.Checks++
	c.Situations |= 1 << (out.situation & 31)
	c.Alternatives |= uint32(uint64(1) << (uint(out.alternative+1) & 63) >> 1) // none is no bit
	c.Cells |= 1 << (uint(int(out.situation)*x.width+int(out.alternative)+1) & 63)
}

// answered counts an answer that is not that the rule held, and reports whether it was broken.
func (c *Checker) answered(x *asked, m *matter, out outcome) (accused bool) {
	switch out.verdict {
	case broken:
		if c.ledger.cannotBlame(x.rule) {
			x.count.Unknown++
			return false
		}
		x.count.Broken++
		if len(c.violations) < violationsMost {
			c.violations = append(c.violations, Violation{Rule: x.rule, Q: m.q, Said: out.said, Objects: m.objects()})
		}
		return true
	case voided:
		x.count.Voided++
	case unknown:
		x.count.Unknown++
	}
	return false
}

// beyond reports whether the program has possibly done something that makes every guarantee void for what the matter is about: it
// used one token for two operations at once (DSC-4), so that a packet may be either's, and with it what their sockets delivered and whose buffer was
// written to when; or made calls on a socket while another thread closed it (DSC-3), so that on a real system they may have gone to whoever got its descriptor next.
func (l *ledger) beyond(m *matter) bool {
	return m.op != nil && m.op.muddled || m.sock != nil && (m.sock.void&sharedToken != 0 || m.sock.void&racedClose != 0 && !l.sim) || m.when == atLate && l.shared
}
