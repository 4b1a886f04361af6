using DistributorHub.Edi.Definitions;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Codes;
using DistributorHub.Mapping.Schema;
using DistributorHub.Mapping.Targets;
using DistributorHub.Worker.Golden;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Tests.Schemas;

/// <summary>Files that together use every setting there is, read by the readers of the hub.</summary>
static class Examples
{
    /// <summary>Texts by path in a folder of mappings.</summary>
    public static IReadOnlyDictionary<string, string> Files { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["targets/shop.target.yaml"] = """
            hub: target/1
            id: shop
            connection: seller
            tables:
              orders:
                is: sales.orders
                id: order_id
                key: [order_no]
                policy: version
                version: { number: revision, current: is_current, newer_by: ordered_on }
                columns:
                  order_no: text(35) not null
                  ordered_on: date
                  kind: text
              lines:
                parent: orders.order_id = order
                key: [line_no]
                policy: children
                columns: { line_no: int not null, qty: 'numeric(15,3) = quantity' }
              lists:
                id: list_id
                key: [list_no]
                policy: update
                columns: { list_no: text not null, function: text }
              items:
                parent: lists.list_id
                key: [sku]
                policy: catalogue
                catalogue:
                  scope: [sku]
                  full_when: function = 'original'
                  missing: expire
                  expire: valid_to
                  action: action
                  price: items.price
                  guard: { max_missing: 20% }
                columns: { sku: text not null, valid_to: date, action: text, price: 'numeric(15,4)' }
            xrefs:
              customer:
                is: erp.customer
                key: { gln: text(13) }
                value: bigint = customer_no
                miss: null
            """,
        ["base/orders.yaml"] = """
            hub: map/1
            id: base/orders
            from: { standard: EDIFACT, message: ORDERS, release: [D.96A] }
            to: shop
            guide: guides/orders
            stream: buffer
            max_segments: 500
            limits: { unit_bytes: 2 MB, frame_bytes: 8 MB }
            on_row_error: { quarantine: { max: 100 } }
            functions:
              short(x): left(trim(x), 5)
            codes:
              unit: { map: { PCE: EA }, miss: pass, reverse: { EA: PCE } }
              units: { extends: units, map: { KRT: CT } }
            ignore: [PAI]
            final: [orders.kind]
            rows:
            - table: orders
              set:
                order_no: short(BGM.1004)
                kind: code('PCE', unit) ?? code('PCE', units)
              check:
                has_lines: count(LIN) > 0
            - for: LIN
              where: exists(QTY[21])
              rows:
              - table: lines
                set:
                  line_no: $n
                  qty: QTY[21]
            """,
        ["partners/acme/over.yaml"] = """
            hub: map/1
            id: acme/over
            extends: base/orders
            partner: acme
            override:
              lines.qty: QTY[1]
            add: { orders.check.has_no: BGM.1004 != 'none' }
            drop: [orders.check.has_lines]
            codes: { units: { map: { PCE: EA } } }
            functions: { short_too(x): x }
            ignore: [ALI]
            final: [lines.qty]
            guide: guides/orders
            stream: buffer
            max_segments: 100
            limits: { unit_bytes: 1 MB, frame_bytes: 4 MB }
            on_row_error: { quarantine: { max: 10 } }
            """,
        ["partners/acme/csv.yaml"] = """
            hub: map/1
            id: acme/csv
            partner: acme
            from:
              format: csv
              message: { type: ORDERS, by: order_no }
              header: [order_no, ordered_on]
              columns:
                order_no: Bestellung
                ordered_on: { header: [Datum, Date], is: date, format: dd.MM.yyyy, optional: no }
              delimiter: ;
              charset: utf-8
              decimals: ','
              thousands: '.'
              quotes: yes
              headers: yes
            to: shop
            rows:
            - table: orders
              set: { order_no: order_no, ordered_on: ordered_on }
            """,
        ["base/xml.yaml"] = """
            hub: map/1
            id: base/xml
            from:
              format: xml
              message: { type: ORDERS, each: Orders/Order, number: order_no }
              header: { order_no: '@no', ordered_on: { path: Date, is: date, format: iso } }
              record:
                path: Item
                fields: { line_no: '@line' }
                groups:
                  price: { path: Price, fields: { amount: Amount }, groups: { tax: { path: Tax, fields: { rate: Rate } } } }
              charset: utf-8
              decimals: '.'
              thousands: ','
            to: shop
            rows:
            - table: orders
              set: { order_no: order_no, ordered_on: ordered_on }
            """,
        ["docs/answer.yaml"] = """
            hub: document/1
            id: answer
            connection: seller
            view: edi.answer
            key: [answer_id]
            partner: partner_id
            number: answer_no
            fields: { answer_id: bigint not null, partner_id: text(20) not null, answer_no: text(30) not null, issued_on: date not null }
            lists:
              lines:
                view: edi.answer_line
                by: [answer_id]
                key: [line_no]
                order: [line_no]
                fields: { line_no: int not null, qty: 'numeric(12,3) not null' }
                lists:
                  notes: { view: edi.answer_note, by: [answer_id, line_no], fields: { note: text(70) } }
            """,
        ["partners/acme/answer.yaml"] = """
            hub: map/1
            id: acme/answer
            partner: acme
            from: { document: answer }
            to: { standard: EDIFACT, message: ORDRSP, release: D.96A, assigned: EAN005 }
            functions: { short(x): "left(x, 35)" }
            codes: { kind: { extends: units, map: { '29': accepted }, miss: pass, reverse: { accepted: '29' } } }
            final: [BGM.1225]
            write:
            - BGM: { C002.1001: '231', '1004': short(answer_no), '1225': '29' }
            - DTM[137]: issued_on
            - for: lines
              group: LIN
              where: lines.qty > 0
              write:
              - LIN.1082: lines.line_no
              - QTY[113]: lines.qty
            - UNS.0081: 'S'
            """,
        ["guides/orders.yaml"] = """
            hub: guide/1
            id: guides/orders
            extends: edifact/D.96A/ORDERS
            unused: [ALI]
            use:
              NAD: { required: yes, min: 1, max: 9, severity: warn }
              DTM: { only: { '137': 1, '2': 0..1 }, other: off }
              BGM.1225: { codes: ['9'] }
              LIN/PIA: { required: yes, when: 'not exists(LIN.C212[EN])' }
            extend:
              LIN: { after: QTY, add: ZZZ C5 }
            """,
        ["codes/units.yaml"] = """
            hub: codes/1
            id: units
            map: { PCE: EA, 12: 7 }
            miss: null
            reverse: { EA: PCE }
            """,
        ["partners/acme/codes/units.yaml"] = """
            hub: codes/1
            id: units
            extends: units
            map: { KRT: CT }
            """,
        ["partners/acme/partner.yaml"] = """
            hub: partner/1
            name: Acme
            state: test
            test: { schema: hub_test }
            test_indicator: refuse
            sequence: warn
            sla: { expected_every: 4h }
            sample: no
            currency: EUR
            gln: 4012345000009
            own_gln: '4012345000016'
            charset: ISO-8859-1
            schedule: '*/5 * * * *'
            identities:
            - { standard: edifact, id: '4012345000009', qualifier: 14 }
            source:
              kind: SFTP
              path: out
              pattern: '*.edi'
              ignore: ['*.tmp']
              settle: 5s
              require_trailer: yes
              incomplete_grace: 1 h
              file_size_max: 50 MB
              files_per_poll: 20
              after_read: move
              move_to: done/{date}
              operation_timeout: 30s
              alert_after_failures: 5
              valid_until: 2027-03-31
              parallel_downloads: 4
              host: sftp.acme.example
              port: 2222
              user: us
              password: env:ACME_PASSWORD
              private_key: file:acme.key
              passphrase: env:ACME_PASSPHRASE
              host_keys: SHA256:uNiVztksCsDhcc0u9e8BrQ8lHNv5CXd3oUaDfM5TPQk
              known_hosts: known_hosts
              insecure_accept_any_host_key: false
              connect_timeout: 5s
            messages:
            - { standard: edifact, message: ORDERS, release: D.96A, map: base/orders, guide: guides/orders }
            - { files: '*.csv', map: acme/csv }
            send:
            - map: acme/answer
              folder: replies
              sender: '4012345000009'
              sender_qualifier: '14'
              recipient: '4012345000016'
              recipient_qualifier: '14'
              test: yes
              first_number: 1000
              last_number: 4999
              rollover: no
              expect_ack: functional
              overdue_after: 4h
              group_sender: US
              group_recipient: ACME
              syntax: 'UNOA:3'
              charset: utf-8
              characters: transliterate
              line_breaks: crlf
              una: yes
              separators: { element: '|', component: '>', repetition: '^', release: '!', terminator: newline, decimal: ',' }
            contacts:
              mail: [edi@acme.example]
              level: page
            acknowledge:
              technical: no
              functional: always
              business: yes
              accepted_loops: no
              x12: 997
              contrl: eancom1997
              error_codes: early
              folder: in
            hold:
            - { when: amount, of: lines.qty, times: qty, per: line_no, over: '10000.50', currency: lines.uom }
            - { when: price_change, of: lines.qty, over: 10%, against: customer, key: [line_no] }
            - { when: new_item, of: lines, over: 5 }
            - { when: duplicate }
            approvals:
              needed: 2
              expires: 5d
              expired: rejected
              approvers:
              - { user: inge, up_to: 50000 }
              - { user: max }
            pii: [CTA, COM]
            retention:
              payload_days: 90
              metadata_days: 400
              legal_hold: no
            duplicates:
              window: 60
              check_content: yes
              check_interchange: no
              on_conflict: hold
              on_suspected: process
              on_document: process
            leniency:
            """ + string.Concat(Edi.Parse.FixUp.All.Select(fixUp => $"\n  {fixUp.Name}: warn")) + """

            retry:
              transient: [1m, 5m]
            """,
        ["base/orders.tests/01.expect.yaml"] = """
            hub: expect/1
            messages:
            - message: ORDERS
              rows:
                orders:
                - order_no: '4711'
                  lines:
                  - line_no: 1
                    qty: 2.5
            - message: ORDERS
              rejected: yes
            findings:
            - { code: MAP2105, message: 2, segment: 9 }
            """,
    };

    /// <summary>The schemas of a folder that holds these files.</summary>
    public static IReadOnlyDictionary<string, string> Schemas { get; } = SchemaFolder.Of(Library(Files), DefinitionLibrary.Embedded);

    /// <summary>The kind that a file says it is of.</summary>
    public static FileKind KindOf(string path) => SchemaFolder.Kinds.Where(kind => kind.Hub == MapLibrary.KindOf(Files[path]) + "/1")
        .OrderBy(kind => kind.Sign is null).First(kind => kind.Sign is null || Files[path].Contains($"\n{kind.Sign}:", StringComparison.Ordinal));

    /// <summary>The mistakes that the hub finds in one of the files when its text is another one.</summary>
    public static IReadOnlyList<Diagnostic> Read(string path, string text)
    {
        var files = new Dictionary<string, string>(Files, StringComparer.Ordinal) { [path] = text };
        var library = Library(files);
        var found = new List<Diagnostic>();
        switch (path.Split('/'))
        {
            case ["targets", _]:
                TargetReader.Read(path, text, found, "shop");
                break;
            case ["partners", _, "answer.yaml"]:
                library.CompileWrite("acme/answer", null, found);
                break;
            case ["base", var map]:
                library.Compile($"base/{Path.GetFileNameWithoutExtension(map)}", null, found);
                break;
            case ["docs", var document]:
                library.Document(Path.GetFileNameWithoutExtension(document), found);
                break;
            case ["guides", _]:
                library.Guide("guides/orders", found);
                break;
            case ["partners", _, "partner.yaml"]:
                PartnerReader.Read(path, "/partners/acme", text, "acme", found, out _);
                break;
            case ["partners", var owner, var map]:
                library.Compile($"{owner}/{Path.GetFileNameWithoutExtension(map)}", null, found);
                break;
            case ["base", "orders.tests", _]:
                ExpectReader.Read(path, text, found);
                break;
            case [.., "codes", var list]:
                CodeListReader.Load(Path.GetFileNameWithoutExtension(list), path.StartsWith("partners/", StringComparison.Ordinal) ? "acme" : null, files.GetValueOrDefault, found);
                break;
            default:
                Assert.Fail($"Nothing reads {path}.");
                break;
        }
        return [.. found.Where(diagnostic => !diagnostic.Warning && diagnostic.File == path)];
    }

    static MapLibrary Library(IReadOnlyDictionary<string, string> files) => new([.. files.Keys], path => files.GetValueOrDefault(path), DefinitionLibrary.Embedded);
}
