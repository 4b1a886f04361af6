using System.Text;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping.Language;

namespace DistributorHub.Mapping.Run;

/// <summary>Values of <c>$partner</c>, <c>$env</c>, <c>$msg</c> and <c>$file</c>, made once per message. An empty text is absent.</summary>
static class ContextValues
{
    public static void Fill(Value[] values, IReadOnlyList<BoundExpr.Variable> variables, MapContext context)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = default;
            switch (variables[i].Source)
            {
                case VariableSource.Partner:
                    SetText(ref values[i], context.Partner.GetValueOrDefault(variables[i].Name));
                    break;
                case VariableSource.File:
                    SetText(ref values[i], context.File.GetValueOrDefault(variables[i].Name));
                    break;
                case VariableSource.Env:
                    SetEnvironment(ref values[i], variables[i].Name, context);
                    break;
                default:
                    SetMessage(ref values[i], variables[i].Name, context.Message);
                    break;
            }
        }
    }

    static void SetEnvironment(ref Value value, string name, MapContext context)
    {
        var (interchange, group) = (context.Interchange, context.Group);
        switch (name)
        {
            case "date":
                SetDate(ref value, interchange.Date);
                break;
            case "group_date":
                SetDate(ref value, group?.Date);
                break;
            case "time" when interchange.Time is { } time:
                value.SetTime(time.Ticks);
                break;
            case "time":
                value.SetNull();
                break;
            case "test":
                value.SetBool(interchange.Test);
                break;
            default:
                SetText(ref value, EnvironmentText(name, interchange, group));
                break;
        }
    }

    static string? EnvironmentText(string name, InterchangeInfo interchange, GroupInfo? group) => name switch
    {
        "sender" => interchange.Sender.Id,
        "sender_qualifier" => interchange.Sender.Qualifier,
        "recipient" => interchange.Recipient.Id,
        "recipient_qualifier" => interchange.Recipient.Qualifier,
        "reference" => interchange.Reference,
        "application_reference" => interchange.ApplicationReference,
        "syntax" => interchange.SyntaxIdentifier,
        "syntax_version" => interchange.SyntaxVersion,
        "group_code" => group?.Code,
        "group_sender" => group?.Sender,
        "group_recipient" => group?.Recipient,
        "group_reference" => group?.Reference,
        "group_version" => group?.Version,
        _ => throw new System.Diagnostics.UnreachableException($"There is no $env.{name}."),
    };

    static void SetMessage(ref Value value, string name, MessageInfo message)
    {
        if (name == "ordinal")
        {
            value.SetInt(message.Ordinal);
            return;
        }
        SetText(ref value, name switch
        {
            "type" => message.Type,
            "version" => message.Version,
            "release" => message.Release,
            "agency" => message.Agency,
            "association" => message.Association,
            "reference" => message.Reference,
            _ => throw new System.Diagnostics.UnreachableException($"There is no $msg.{name}."),
        });
    }

    static void SetDate(ref Value value, DateOnly? date)
    {
        if (date is { } day)
            value.SetDate(day.DayNumber);
        else
            value.SetNull();
    }

    static void SetText(ref Value value, string? text)
    {
        if (string.IsNullOrEmpty(text))
            value.SetNull();
        else
            value.SetText(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>A value as people read it, or null.</summary>
    public static string? TextOf(Value value, Scratch scratch)
    {
        if (value.IsNull || value.IsFailed)
            return null;
        return Conversions.ToText(ref value, scratch) && !value.IsNull ? Encoding.UTF8.GetString(value.Text) : null;
    }
}
