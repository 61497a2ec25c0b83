import CausalClock
import Testing

@testable import FailureDetection

@Suite("timelines: why a peer is silent")
struct TimelineCauseTests {
    @Test("a peer that is silent everywhere has crashed, as far as is known")
    func crash() {
        timeline(
            [peer("b"), peer("c")],
            """
            b <  h......... h......... .......... .......... ..........
            b !  T......... .......... ..P....... ..C....... ..........
            c <  h......... h......... h......... h......... h.........
            c !  T......... .......... .......... .......... ..........
            """)
    }

    @Test("a peer whose events still come through another one has only lost its link to us")
    func link() throws {
        let run = timeline(
            [peer("b"), peer("c")],
            """
            b <  h......... h......... .......... .......... ..........
            b >  .......... .......... ..p..p..p. .......... ..........
            b !  T......... .......... ..P....... ..K....... ..........
            c <  h......... h......... v......... v......... v.........
            c !  T......... .......... .......... .......... ..........
            """)
        let news = try #require(run.notices.last?.evidence?.news)
        #expect(news.witness == host("c"))
        #expect(news.arrived == TimelineRun.instant(of: 30))
    }

    @Test("where messages have been lost before, that puts the suspicion off once, by half a round of pings")
    func lossyLink() {
        timeline(
            [peer("b"), peer("c")],
            """
            b <  h......... z......... .......... .......... ..........
            b >  .......... .......... ..p...p... p...p...p. ..........
            b !  T......... o......... ..P....... .......... ..K.......
            c <  h......... h......... v......... v......... v.........
            c !  T......... .......... .......... .......... ..........
            """)
    }

    @Test("indirect news of its last words do not make a crash a broken link")
    func rumours() {
        timeline(
            [peer("b"), peer("c")],
            """
            b <  h......... h......... .......... .......... ..........
            b !  T......... .......... ..P....... ..C....... ..........
            c <  h......... v......... v......... h......... h.........
            c !  T......... .......... .......... .......... ..........
            """)
    }

    @Test("a cause that becomes known later is reported, once")
    func later() {
        timeline(
            [peer("b"), peer("c", mode: .heartbeat, interval: 300)],
            """
            b <  h......... h......... .......... .......... .......... .......... ..........
            b !  T......... .......... ..P....... ..S....... .......... ......C... ..........
            c <  h......... .......... h......... .......... .......... h......... ..........
            c !  T......... .......... .......... .......... .......... .......... ..........
            """)
    }

    @Test("without a witness nothing is known beyond the silence")
    func unknown() {
        timeline(
            [peer("b")],
            """
            b <  h......... h......... .......... .......... .......... ..........
            b !  T......... .......... ..P....... ..S....... .......... ..........
            """)
    }

    @Test("a closed port starts the pings immediately, and makes them few and quick")
    func portUnreachable() {
        timeline(
            [peer("b", retries: 5)],
            """
            b <  h......... h......... x......... ..........
            b >  .......... .......... ppp....... ..........
            b !  T......... .......... P..C...... ..........
            """)
    }

    @Test("a closed port alone is no verdict: a host that answers is trusted")
    func portUnreachableForged() {
        timeline(
            [peer("b"), peer("c", mode: .heartbeat)],
            """
            b <  h......... h...xo.... h......... h.........
            b >  .......... ....p..... .......... ..........
            b !  T......... ....P..... .......... ..........
            c <  h......... h...x..... h......... h.........
            c !  T......... .......... .......... ..........
            """)
    }

    @Test("a peer that is heard and does not hear us is one finding, and one when it ends")
    func asymmetry() {
        let deaf = "n......... n......... n......... n......... n......... n......... n......... n........."
        let run = timeline(
            [peer("b")],
            """
            b <  h......... \(deaf) n......... n......... h......... n......... n.........
            b !  T......... .......... .......... .......... .......... .......... .......... .......... .......... A......... .......... T.........
            """)
        #expect(run.notices[1].verdict == Verdict(.outbound, .suspected))
        #expect(run.monitor.report(ofPeer: 0).verdict == nil)
    }
}
