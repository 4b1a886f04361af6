using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;

namespace DistributorHub.Worker.Golden;

/// <summary>Results in the two forms that build servers read.</summary>
static class TestReport
{
    /// <summary>JUnit: a suite for each folder of tests, a case for each test.</summary>
    public static void WriteJUnit(string path, IReadOnlyList<GoldenResult> results)
    {
        using var xml = Writer(path);
        xml.WriteStartElement("testsuites");
        Counts(xml, results);
        foreach (var suite in results.GroupBy(result => FolderOf(result.Test), StringComparer.Ordinal))
        {
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", suite.Key);
            Counts(xml, [.. suite]);
            foreach (var result in suite)
            {
                xml.WriteStartElement("testcase");
                xml.WriteAttributeString("classname", suite.Key);
                xml.WriteAttributeString("name", NameOf(result.Test));
                xml.WriteAttributeString("time", Seconds(result.Took));
                if (!result.Passed)
                {
                    xml.WriteStartElement("failure");
                    xml.WriteAttributeString("message", Text($"{result.Problems.Count} problem(s)"));
                    xml.WriteString(Text(Problems(result)));
                    xml.WriteEndElement();
                }
                xml.WriteEndElement();
            }
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    /// <summary>TRX, the form of Visual Studio and Azure DevOps.</summary>
    public static void WriteTrx(string path, IReadOnlyList<GoldenResult> results, DateTimeOffset start, DateTimeOffset end)
    {
        const string space = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010", unitTest = "13cdc9d9-ddb5-4fa4-a97d-d965ccfc6d4b";
        var list = Id("list of results");
        using var xml = Writer(path);
        xml.WriteStartElement("TestRun", space);
        Attributes(xml, ("id", Id($"run {start:O}")), ("name", "hub map test"));
        Element(xml, "Times", ("creation", $"{start:O}"), ("queuing", $"{start:O}"), ("start", $"{start:O}"), ("finish", $"{end:O}"));
        xml.WriteStartElement("Results");
        foreach (var result in results)
        {
            xml.WriteStartElement("UnitTestResult");
            Attributes(xml, ("executionId", Execution(result)), ("testId", Id(result.Test.Name)), ("testName", result.Test.Name), ("computerName", Environment.MachineName),
                ("duration", result.Took.ToString("c", CultureInfo.InvariantCulture)), ("testType", unitTest), ("outcome", result.Passed ? "Passed" : "Failed"), ("testListId", list));
            if (!result.Passed)
            {
                xml.WriteStartElement("Output");
                xml.WriteStartElement("ErrorInfo");
                xml.WriteElementString("Message", Text(Problems(result)));
                xml.WriteEndElement();
                xml.WriteEndElement();
            }
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
        xml.WriteStartElement("TestDefinitions");
        foreach (var result in results)
        {
            xml.WriteStartElement("UnitTest");
            Attributes(xml, ("name", result.Test.Name), ("storage", result.Test.ExpectName), ("id", Id(result.Test.Name)));
            Element(xml, "Execution", ("id", Execution(result)));
            Element(xml, "TestMethod", ("codeBase", result.Test.ExpectName), ("className", FolderOf(result.Test)), ("name", NameOf(result.Test)));
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
        xml.WriteStartElement("TestEntries");
        foreach (var result in results)
            Element(xml, "TestEntry", ("testId", Id(result.Test.Name)), ("executionId", Execution(result)), ("testListId", list));
        xml.WriteEndElement();
        xml.WriteStartElement("TestLists");
        Element(xml, "TestList", ("name", "Results"), ("id", list));
        xml.WriteEndElement();
        var failed = results.Count(result => !result.Passed);
        xml.WriteStartElement("ResultSummary");
        Attributes(xml, ("outcome", failed == 0 ? "Completed" : "Failed"));
        Element(xml, "Counters", ("total", Number(results.Count)), ("executed", Number(results.Count)), ("passed", Number(results.Count - failed)), ("failed", Number(failed)));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    static XmlWriter Writer(string path) => XmlWriter.Create(path, new() { Indent = true, Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) });

    static void Counts(XmlWriter xml, IReadOnlyList<GoldenResult> results) => Attributes(xml, ("tests", Number(results.Count)),
        ("failures", Number(results.Count(result => !result.Passed))), ("errors", "0"), ("time", Seconds(results.Aggregate(TimeSpan.Zero, (sum, result) => sum + result.Took))));

    static void Element(XmlWriter xml, string name, params (string Name, string Value)[] attributes)
    {
        xml.WriteStartElement(name);
        Attributes(xml, attributes);
        xml.WriteEndElement();
    }

    static void Attributes(XmlWriter xml, params (string Name, string Value)[] attributes)
    {
        foreach (var (name, value) in attributes)
            xml.WriteAttributeString(name, value);
    }

    static string Problems(GoldenResult result) => string.Join('\n', result.Problems);

    static string FolderOf(GoldenTest test) => test.Name[..test.Name.LastIndexOf('/')];

    static string NameOf(GoldenTest test) => test.Name[(test.Name.LastIndexOf('/') + 1)..];

    static string Execution(GoldenResult result) => Id($"{result.Test.Name} run");

    // The same test has the same id in every run, so that a build server can tell its history.
    static string Id(string name) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16)).ToString();

    static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("F3", CultureInfo.InvariantCulture);

    /// <summary>Values come from files: XML has no room for most control characters.</summary>
    static string Text(string text) => string.Concat(text.Select(character => XmlConvert.IsXmlChar(character) || char.IsSurrogate(character) ? character : '?'));
}
