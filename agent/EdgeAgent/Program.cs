Console.WriteLine("edge-agent");
