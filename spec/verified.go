package spec

import "strings"

// verifiedOn lists, by platform, the rules that were held in all their situations when the references ran there. Rules of the simulated worlds alone
// are not listed; nothing has run on Windows yet, and Wine is not Windows.
var verifiedOn = []struct{ platform, rules string }{
	{"linux 6.18", `
		KEY-1 KEY-2 KEY-3 KEY-4
		PKT-1 PKT-2 PKT-3 PKT-4 PKT-5 PKT-6 PKT-7 PKT-8 PKT-9 PKT-19 PKT-22
		OPN-1 OPN-2 OPN-3 OPN-4 OPN-5 OPN-12 OPN-13 OPN-14
		RCV-1 RCV-2 RCV-3 RCV-4 RCV-5 RCV-6 RCV-7 RCV-8 RCV-9 RCV-10 RCV-13 RCV-15
		SND-1 SND-2 SND-3 SND-4 SND-5 SND-6 SND-7 SND-8
		DGM-1 DGM-2 DGM-3 DGM-4 DGM-5 DGM-6 DGM-7 DGM-8 DGM-9 DGM-10 DGM-11 DGM-12 DGM-13 DGM-14 DGM-16 DGM-18 DGM-19
		ACC-1 ACC-2 ACC-3 ACC-4 ACC-5 ACC-6 ACC-7 ACC-14 ACC-18
		CON-1 CON-2 CON-14
		CAN-1 CAN-2 CAN-3 CAN-4 CAN-5
		CLS-1 CLS-2 CLS-3 CLS-4 CLS-5 CLS-6 CLS-10
		THR-1 THR-2 THR-3
		RDY-1 RDY-2 RDY-3 RDY-4 RDY-5 RDY-6 RDY-7 RDY-8 RDY-9 RDY-10 RDY-11 RDY-12 RDY-13 RDY-14 RDY-15 RDY-16 RDY-17 RDY-18 RDY-19 RDY-20 RDY-21 RDY-22 RDY-23 RDY-24 RDY-25 RDY-26 RDY-27 RDY-28 RDY-29 RDY-30 RDY-31 RDY-32 RDY-33 RDY-34 RDY-35 RDY-36 RDY-37 RDY-39 RDY-40 RDY-41 RDY-42 RDY-43 RDY-44 RDY-45 RDY-46 RDY-48
		DSC-4
	`},
	{"wine 8.0", `
		KEY-1 KEY-2 KEY-3 KEY-4 KEY-5 KEY-6 KEY-7 KEY-8
		PKT-1 PKT-2 PKT-4 PKT-5 PKT-6 PKT-7 PKT-8 PKT-9 PKT-12 PKT-13 PKT-15 PKT-16 PKT-17 PKT-18 PKT-22
		OPN-1 OPN-2 OPN-3 OPN-4 OPN-5 OPN-6 OPN-7 OPN-10 OPN-11 OPN-14
		RCV-1 RCV-2 RCV-5 RCV-7 RCV-8 RCV-12
		SND-1 SND-2 SND-3 SND-4 SND-5 SND-6 SND-7 SND-10
		DGM-1 DGM-2 DGM-3 DGM-4 DGM-5 DGM-6 DGM-7 DGM-8 DGM-9 DGM-10 DGM-11 DGM-12 DGM-13 DGM-14 DGM-18 DGM-19
		ACC-1 ACC-2 ACC-3 ACC-6 ACC-7 ACC-14 ACC-17 ACC-18
		CON-1 CON-2 CON-4 CON-6 CON-7 CON-8 CON-9 CON-11 CON-12 CON-14
		CAN-1 CAN-2 CAN-3 CAN-5 CAN-10 CAN-12
		CLS-1 CLS-2 CLS-3 CLS-4 CLS-9 CLS-10
		THR-1 THR-2 THR-3
		DSC-4
	`},
}

func init() {
	for _, v := range verifiedOn {
		for _, id := range strings.Fields(v.rules) {
			r, ok := RuleByID(id)
			if !ok {
				panic("verified on " + v.platform + ": there is no rule " + id)
			}
			r.Verified = append(r.Verified, v.platform)
		}
	}
}
